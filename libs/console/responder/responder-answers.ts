import { Injectable } from '@nestjs/common';

import { AlarmNotes, Lifecycle, Responders, type Command, type Deed } from '#alarms';
import { BrokerError, logContext } from '#platform';

import type { AnswerForm } from './answer-form.ts';

/** In the place of the name of a note whose author gave none. */
const NAMELESS = 'responder';

/** Carries out what the forms of the responder's page ask for, by the rules that hold for everybody. */
@Injectable()
export class ResponderAnswers {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly responders: Responders,
    private readonly notes: AlarmNotes,
  ) {}

  /** @returns whether it changed anything. @throws BrokerError `alarm.unknown` when it was deleted meanwhile */
  async take(alarmId: string, { action, name: by, note, noteId }: AnswerForm): Promise<boolean> {
    const requestId = logContext().requestId ?? null;
    const deed: Deed = { by, actor: null, note, requestId };
    switch (action) {
      case undefined:
        return false;
      case 'acknowledge':
      case 'resolve':
      case 'cancel':
        return this.apply(action, alarmId, deed);
      case 'on-way':
      case 'there':
        // Who comes has taken it over, should nobody else have.
        await this.apply('acknowledge', alarmId, { ...deed, note: null });
        return this.responders.report(alarmId, action, { by, requestId });
      case 'note':
        if (note === null) return false;
        await this.notes.add(alarmId, { id: noteId, note, createdBy: by ?? NAMELESS, actor: by, requestId });
        return true;
    }
  }

  /** Resolved or cancelled meanwhile: the page says so; that is no error for the person who came to help. */
  private async apply(command: Command, alarmId: string, deed: Deed): Promise<boolean> {
    try {
      return await this.lifecycle.apply(command, alarmId, deed);
    } catch (error) {
      if (error instanceof BrokerError && error.category === 'conflict') return false;
      throw error;
    }
  }
}
