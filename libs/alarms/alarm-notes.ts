import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { Clock, Database, newId } from '#platform';

import { AlarmNote } from './alarm-note.entity.ts';

export interface NewNote {
  /** Given by whoever writes it, so that sending it twice keeps it once. */
  readonly id?: string | undefined;
  readonly note: string;
  readonly createdBy: string;
  /** The name of a key; nothing for somebody who had the link. */
  readonly actor: string | null;
  readonly requestId: string | null;
}

/** Notes on an alarm, in whatever state it is. They are added, never changed. */
@Injectable()
export class AlarmNotes {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
  ) {}

  /** Oldest first. */
  async of(alarmId: string): Promise<AlarmNote[]> {
    const notes = await this.database.repository(AlarmNote);
    return notes.find({ where: { alarmId }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** Keeps a note and says so on the timeline, unless it is kept already. @param alarmId of an alarm that exists. */
  async add(
    alarmId: string,
    { id = newId(), note, createdBy, actor, requestId }: NewNote,
  ): Promise<AlarmNote> {
    const createdAt = this.clock.now();
    const row = { id, alarmId, createdAt, createdBy, note, noteType: 'comment' };
    await this.database.transaction(async (tx) => {
      const isNew = await tx.change(
        `INSERT INTO alarm_notes (id, alarm_id, created_at, created_by, note, note_type)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
        [row.id, alarmId, createdAt, createdBy, note, row.noteType],
      );
      if (isNew === 0) return;
      this.timeline.append(tx, [
        {
          alarmId,
          at: createdAt,
          type: 'alarm.noted',
          actor: actor ?? undefined,
          requestId: requestId ?? undefined,
          data: { by: createdBy, note_id: row.id },
        },
      ]);
    });
    return row;
  }
}
