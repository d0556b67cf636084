import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Timeline } from '#audit';
import { DeliveryResults, type DeliveryResult } from '#notifications';
import { Clock, Database, statement } from '#platform';

const LINK = statement(
  'alarms.link-ticket',
  `UPDATE alarms SET zammad_ticket_id = $2, meta = meta || $3, version = version + 1
   WHERE id = $1 AND zammad_ticket_id IS NULL`,
);

/** What fits into the column. */
const MAX_ID = 2 ** 31 - 1;

/** Writes the first ticket that was opened for an alarm onto it, so that people find the way there. */
@Injectable()
export class TicketLink implements OnModuleInit {
  constructor(
    private readonly results: DeliveryResults,
    private readonly database: Database,
    private readonly timeline: Timeline,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.results.listen((result) => this.link(result));
  }

  private async link({
    alarmId,
    channel,
    label,
    externalRef,
    facts,
    requestId,
  }: DeliveryResult): Promise<void> {
    const ticketId = channel === 'zammad' ? ticketIdOf(externalRef) : undefined;
    if (ticketId === undefined) return;
    const { ticket_number: number, ticket_url: url } = facts;
    const meta = {
      ...(number === undefined ? {} : { zammad_ticket_number: number }),
      ...(url === undefined ? {} : { zammad_ticket_url: url }),
    };
    await this.database.transaction(async (tx) => {
      if ((await tx.change(LINK, [alarmId, ticketId, meta])) === 0) return;
      this.timeline.append(tx, [
        {
          alarmId,
          at: this.clock.now(),
          type: 'ticket.opened',
          requestId: requestId ?? undefined,
          data: { channel, target: label, ...(number === undefined ? {} : { ticket_number: number }) },
        },
      ]);
    });
  }
}

/** Simulated tickets have names that are no number. */
function ticketIdOf(externalRef: string | null): number | undefined {
  const id = externalRef !== null && /^\d+$/.test(externalRef) ? Number(externalRef) : undefined;
  return id !== undefined && id <= MAX_ID ? id : undefined;
}
