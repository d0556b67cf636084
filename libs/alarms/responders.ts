import { Injectable, Logger } from '@nestjs/common';

import { Timeline } from '#audit';
import { Clock, Database, statement } from '#platform';

/** How near somebody is who comes to help. */
export const RESPONDER_STATES = ['on-way', 'there'] as const;
export type ResponderState = (typeof RESPONDER_STATES)[number];

/** What somebody said of themselves; kept in `meta.responders` of the alarm, in the order in which it was said. */
export interface Responder {
  /** The name they gave; null for one who gave none. */
  readonly by: string | null;
  readonly state: ResponderState;
  /** ISO 8601. */
  readonly at: string;
}

/** More people than would ever come; the rest is somebody who plays with the link. */
const MOST_KEPT = 50;

const LIST = `COALESCE(meta -> 'responders', '[]')`;

/**
 * One conditional UPDATE decides, as it does for the states of the alarm: however often it is said, it is said once.
 * Its conditions are about the row alone: a subquery would be answered as of before the one who came first.
 */
const REPORT = statement(
  'alarms.report-responder',
  `UPDATE alarms SET meta = meta || jsonb_build_object('responders', ${LIST} || $2::jsonb), version = version + 1
   WHERE id = $1 AND status = 'acknowledged' AND deleted_at IS NULL AND jsonb_array_length(${LIST}) < ${MOST_KEPT}
     AND NOT ${LIST} @> ANY ($3::jsonb[])
   RETURNING id`,
);

/** Who comes to help, by their own word. It changes nothing about who has acknowledged. */
@Injectable()
export class Responders {
  private readonly logger = new Logger('Responders');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
  ) {}

  /**
   * Somebody is on the way to an acknowledged alarm, or there. Who is there is on the way no more.
   * @returns whether that was news; not so when it was said before, or the alarm is over.
   */
  async report(
    alarmId: string,
    state: ResponderState,
    { by, requestId }: { readonly by: string | null; readonly requestId: string | null },
  ): Promise<boolean> {
    const now = this.clock.now();
    const news: Responder = { by, state, at: now.toISOString() };
    const outdating = RESPONDER_STATES.slice(RESPONDER_STATES.indexOf(state)).map((said) =>
      JSON.stringify([{ by, state: said }]),
    );
    const isNews = await this.database.transaction(async (tx) => {
      const rows = await tx.query(REPORT, [alarmId, JSON.stringify([news]), outdating]);
      if (rows.length === 0) return false;
      this.timeline.append(tx, [
        {
          alarmId,
          at: now,
          type: `responder.${state}`,
          actor: by ?? undefined,
          requestId: requestId ?? undefined,
          data: { by },
        },
      ]);
      return true;
    });
    if (isNews) this.logger.log({ alarmId, actor: by }, `responder ${state}`);
    return isNews;
  }
}
