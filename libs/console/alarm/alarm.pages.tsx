import { Get, Param, Post } from '@nestjs/common';

import { AlarmNotes, Alarms, DeadLetters, MAX_NOTE } from '#alarms';
import { logContext } from '#platform';

import { roomOf } from '../board/alarm-place.tsx';
import { ALARM_WORDS } from '../board/alarm-words.ts';
import { ConsolePages, Needs } from '../frame/console-pages.ts';
import { LIVE } from '../frame/frame.tsx';
import { CurrentVisit, Visit } from '../frame/visit.ts';
import { AlarmPage } from './alarm-page.tsx';
import { ALARM_PAGE_WORDS } from './alarm-page-words.ts';
import { AlarmRecordReader } from './alarm-record.ts';

/** The page of one alarm. */
@ConsolePages('alarms/:id', 'viewer')
export class AlarmPages {
  constructor(
    private readonly records: AlarmRecordReader,
    private readonly alarms: Alarms,
    private readonly notes: AlarmNotes,
    private readonly deadLetters: DeadLetters,
  ) {}

  @Get()
  async show(@CurrentVisit() visit: Visit, @Param('id') id: string): Promise<string> {
    const record = await this.records.read(id);
    const words = ALARM_WORDS[visit.language];
    return visit.page({
      title: `${words.status[record.alarm.status]}: ${roomOf(record, words.unknownRoom)}`,
      live: `${LIVE}?alarm_id=${record.alarm.id}`,
      content: <AlarmPage record={record} />,
    });
  }

  @Post('notes')
  @Needs('responder')
  async addNote(@CurrentVisit() visit: Visit, @Param('id') id: string): Promise<string> {
    const words = ALARM_PAGE_WORDS[visit.language];
    const { id: alarmId } = await this.alarms.get(id);
    const { displayName, name } = visit.principal;
    const note = visit.fields.text('text', MAX_NOTE);
    if (note === null)
      return visit.goTo(`/admin/alarms/${alarmId}`, { kind: 'bad', text: words.noteMissing });
    const requestId = logContext().requestId ?? null;
    await this.notes.add(alarmId, { note, createdBy: displayName, actor: name, requestId });
    return visit.goTo(`/admin/alarms/${alarmId}`, { kind: 'good', text: words.noteAdded });
  }

  @Post('resend')
  @Needs('responder')
  async resend(@CurrentVisit() visit: Visit, @Param('id') id: string): Promise<string> {
    const words = ALARM_PAGE_WORDS[visit.language];
    const { id: alarmId } = await this.alarms.get(id);
    const { label } = await this.deadLetters.resend(visit.fields.raw('notification'), {
      actor: visit.principal.name,
      requestId: logContext().requestId ?? null,
    });
    return visit.goTo(`/admin/alarms/${alarmId}`, { kind: 'good', text: words.resent(label) });
  }
}
