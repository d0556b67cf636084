import { Injectable, Logger } from '@nestjs/common';

import { PhoneBook } from '#directory';
import { DeliveryReports, SignalMessages } from '#notifications';
import { BrokerError, cleanLine, logContext, Settings } from '#platform';

import { AlarmNotes } from '../alarm-notes.ts';
import { Alarms } from '../alarms.ts';
import { MAX_ACTOR } from '../http/alarm.dto.ts';
import { Lifecycle } from '../lifecycle.ts';
import { isAcknowledgingEmoji, isAcknowledgingText } from './acknowledgement.ts';
import type { SignalEnvelope } from './envelope.ts';

const ACTOR = 'signal';
const MAX_NOTE = 5000;

/** Where Signal knows no name, it may show the number in its place. */
const NUMBER = /^[+\d][\d ()/.-]*$/;

/** What people answer to an alarm they were told of by Signal. */
@Injectable()
export class SignalAnswers {
  private readonly logger = new Logger('SignalAnswers');

  constructor(
    private readonly settings: Settings,
    private readonly messages: SignalMessages,
    private readonly reports: DeliveryReports,
    private readonly phoneBook: PhoneBook,
    private readonly alarms: Alarms,
    private readonly lifecycle: Lifecycle,
    private readonly notes: AlarmNotes,
  ) {}

  /**
   * A 👍 or a reply such as "ok" acknowledges, another reply becomes a note, and receipts are delivery reports.
   * Answers to what was not sent from here, or not to this sender, mean nothing, and so does a second "ok".
   * @throws BrokerError `database.unavailable`
   */
  async take({ sender, news }: SignalEnvelope): Promise<void> {
    if (news.kind === 'receipt') {
      for (const externalRef of news.timestamps) {
        await this.reports.apply({ channel: 'signal', externalRef, status: 'delivered' });
      }
      return;
    }
    const isAcknowledgement =
      news.kind === 'reaction' ? isAcknowledgingEmoji(news.emoji) : isAcknowledgingText(news.text);
    if (news.kind === 'reaction' && !isAcknowledgement) return;
    const alarmIds = await this.messages.alarmsOf(news.timestamp, sender);
    if (alarmIds.length === 0) return this.reportStray(news.author);
    const by = await this.nameOf(sender);
    for (const alarmId of alarmIds) {
      if (isAcknowledgement) await this.acknowledge(alarmId, by);
      else if (news.kind === 'reply') await this.note(alarmId, by, news.text);
    }
  }

  /** To what others wrote, people may answer as they like; to ours they mean an alarm. */
  private reportStray(author: string | null): void {
    if (author === null || author !== this.settings.SIGNAL_NUMBER) return;
    this.logger.warn(
      'An answer by Signal to a message from here counts for no alarm: its sending was never confirmed, or whoever ' +
        'answered was not told',
    );
  }

  private async acknowledge(alarmId: string, by: string): Promise<void> {
    const deed = { by, actor: ACTOR, note: null, requestId: logContext().requestId ?? null };
    await ifItCan(this.lifecycle.apply('acknowledge', alarmId, deed));
  }

  private async note(alarmId: string, by: string, text: string): Promise<void> {
    const note = text
      .split('\n')
      .map((line) => cleanLine(line, MAX_NOTE, ' '))
      .join('\n')
      .trim()
      .slice(0, MAX_NOTE)
      .replace(/\p{Cs}/gu, '');
    const alarm = note === '' ? undefined : await ifItCan(this.alarms.get(alarmId));
    if (alarm === undefined) return;
    const requestId = logContext().requestId ?? null;
    await this.notes.add(alarm.id, { note, createdBy: by, actor: ACTOR, requestId });
  }

  private async nameOf({ number, name }: SignalEnvelope['sender']): Promise<string> {
    const known = number === null ? undefined : await this.phoneBook.nameOf(number);
    if (known !== undefined) return known.slice(0, MAX_ACTOR);
    const shown = cleanLine(name ?? '', MAX_ACTOR, ' ');
    return shown === '' || NUMBER.test(shown) ? 'Signal' : shown;
  }
}

/** Resolved, cancelled or deleted meanwhile: nothing that a messenger could do something about. */
async function ifItCan<T>(deed: Promise<T>): Promise<T | undefined> {
  try {
    return await deed;
  } catch (error) {
    if (error instanceof BrokerError && ['conflict', 'not-found'].includes(error.category)) return undefined;
    throw error;
  }
}
