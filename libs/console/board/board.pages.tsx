import { Get } from '@nestjs/common';

import { Alarms } from '#alarms';

import { Empty } from '../components/empty.tsx';
import { Table } from '../components/table.tsx';
import { Age } from '../components/time.tsx';
import { ConsolePages } from '../frame/console-pages.ts';
import { LIVE } from '../frame/frame.tsx';
import { CurrentVisit, Visit } from '../frame/visit.ts';
import type { Words } from '../language.ts';

const WORDS: Words<{ title: string; room: string; age: string; none: string }> = {
  en: { title: 'Alarms', room: 'Room', age: 'Age', none: 'No alarms.' },
  de: { title: 'Alarme', room: 'Raum', age: 'Alter', none: 'Keine Alarme.' },
};

/** The live board. */
@ConsolePages('', 'viewer')
export class BoardPages {
  constructor(private readonly alarms: Alarms) {}

  @Get()
  async show(@CurrentVisit() visit: Visit): Promise<string> {
    const words = WORDS[visit.language];
    const alarms = await this.alarms.list({}, { limit: 50, sortBy: 'created_at', order: 'desc' });
    return visit.page({
      title: words.title,
      live: LIVE,
      content: (
        <>
          <h1>{words.title}</h1>
          {alarms.length === 0 && <Empty title={words.none} />}
          <Table
            caption={words.title}
            live="alarms"
            rows={alarms}
            keyOf={(alarm) => alarm.id}
            columns={[
              { label: words.room, cell: (alarm) => alarm.roomId, isHeader: true },
              { label: words.age, cell: (alarm) => <Age since={alarm.createdAt} /> },
            ]}
          />
        </>
      ),
    });
  }
}
