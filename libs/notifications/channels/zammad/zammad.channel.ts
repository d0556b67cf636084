import type { Settings } from '#platform';

import { shortId } from '../../alarm-brief.ts';
import { GatewayRefusal } from '../gateway.ts';
import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';
import { alarmTag, newTicket, note, stillUnanswered } from './ticket-text.ts';
import type { Ticket } from './zammad-answers.ts';
import { ZammadApi, type Article, type Call } from './zammad-api.ts';
import { zammadFindings } from './zammad-probe.ts';

/** How long may be looked for a ticket before another one is made. */
const LOOK_MS = 3000;

/** The channel as the settings describe it. */
export function zammadChannel(settings: Settings): NotificationChannel {
  return settings.ZAMMAD_BASE_URL === undefined
    ? new UnconfiguredChannel('zammad', 'Zammad is not set up: ZAMMAD_BASE_URL is not set.')
    : new ZammadChannel(settings);
}

/** One ticket for each alarm and group: opened by the first alert, a note for all that follows, closed at the end. */
export class ZammadChannel implements NotificationChannel {
  readonly kind = 'zammad';
  readonly timeLimitMs = 8000;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly api: ZammadApi;

  constructor(private readonly settings: Settings) {
    this.api = new ZammadApi(settings);
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const call = { signal, requestId: message.requestId };
    return message.purpose === 'alert' ? this.alert(message, call) : this.followUp(message, call);
  }

  /** @inheritdoc */
  async probe(signal: AbortSignal): Promise<readonly string[]> {
    return zammadFindings(this.api, this.settings, { signal });
  }

  private async alert(message: ChannelMessage, call: Call): Promise<Receipt> {
    const known = knownTicket(message);
    if (known !== undefined) {
      try {
        await this.api.addNote(known, stillUnanswered(message, this.settings.DEFAULT_LANGUAGE), call);
        return this.receipt(known);
      } catch (error) {
        // Deleted, or moved to where the token may not follow. Then nobody of this group sees it either.
        if (!isOutOfReach(error)) throw error;
      }
    }
    const mayBeThere = known !== undefined || message.attempt > 1 || message.mayHaveArrived;
    const there = mayBeThere ? await this.lookBriefly(message, call) : undefined;
    const ticket = there ?? (await this.create(message, call));
    return this.receipt(ticket.id, ticket.number);
  }

  private create(message: ChannelMessage, call: Call): Promise<Ticket> {
    return this.api.createTicket(newTicket(message, this.groupOf(message), this.settings), call);
  }

  private async followUp(message: ChannelMessage, call: Call): Promise<Receipt> {
    const known = knownTicket(message);
    const closes = message.purpose !== 'acknowledged' && this.settings.ZAMMAD_CLOSE_ON_RESOLVE;
    const tell = closes ? this.close.bind(this) : this.api.addNote.bind(this.api);
    if (known !== undefined) {
      try {
        await tell(known, note(message), call);
        return this.receipt(known);
      } catch (error) {
        if (!isOutOfReach(error)) throw error;
        const other = await this.find(message, call);
        if (other === undefined) throw error;
        await tell(other.id, note(message), call);
        return this.receipt(other.id, other.number);
      }
    }
    const ticket = await this.find(message, call);
    if (ticket === undefined) {
      throw new ChannelError('Zammad knows no ticket of this alarm in this group yet.', {
        retry: 'yes',
        reason: 'refused',
      });
    }
    await tell(ticket.id, note(message), call);
    return this.receipt(ticket.id, ticket.number);
  }

  private async close(ticketId: string, article: Article, call: Call): Promise<void> {
    try {
      await this.api.close(ticketId, article, call);
    } catch (error) {
      // A workflow wants fields filled in before a ticket may be closed: that is for a person to do.
      if (!(error instanceof GatewayRefusal) || error.answer.status !== 422) throw error;
      await this.api.addNote(ticketId, article, call);
    }
  }

  /** Whoever cannot be asked has no ticket: for an alarm two tickets are better than none. */
  private async lookBriefly(message: ChannelMessage, call: Call): Promise<Ticket | undefined> {
    const signal = AbortSignal.any([call.signal, AbortSignal.timeout(LOOK_MS)]);
    try {
      return await this.find(message, { ...call, signal });
    } catch (error) {
      if (error instanceof ChannelError) return undefined;
      throw error;
    }
  }

  /**
   * The ticket of this alarm in this group, other than the one that is out of reach. With a condition Zammad asks
   * its database, which is up to date; a query goes to its search index, which lags but also knows tags.
   */
  private async find(message: ChannelMessage, call: Call): Promise<Ticket | undefined> {
    const id = shortId(message.brief.alarmId);
    const group = this.groupOf(message).toLowerCase();
    const byTitle = { 'condition[ticket.title][operator]': 'contains', 'condition[ticket.title][value]': id };
    const byTag = { query: `tags:"${alarmTag(message.brief.alarmId)}"` };
    let answers = 0;
    let failure: unknown;
    for (const criteria of [byTitle, byTag]) {
      try {
        const tickets = await this.api.search(criteria, call);
        answers += 1;
        const ticket = tickets.find(
          (candidate) =>
            candidate.group?.toLowerCase() === group &&
            candidate.id !== message.earlierRef &&
            (criteria === byTag || candidate.title.includes(id)),
        );
        if (ticket !== undefined) return ticket;
      } catch (error) {
        failure ??= error;
      }
    }
    if (answers === 0) throw failure;
    return undefined;
  }

  private groupOf({ address }: ChannelMessage): string {
    return address.trim() || (this.settings.ZAMMAD_GROUP ?? '');
  }

  private receipt(ticketId: string, number?: string): Receipt {
    return {
      externalRef: ticketId,
      facts: {
        ...(number === undefined ? {} : { ticket_number: number }),
        ticket_url: `${this.api.baseUrl}/#ticket/zoom/${ticketId}`,
      },
    };
  }
}

/** A simulation may have left a reference that is no ticket. */
const knownTicket = ({ earlierRef }: ChannelMessage): string | undefined =>
  earlierRef !== null && /^\d+$/.test(earlierRef) ? earlierRef : undefined;

const isOutOfReach = (error: unknown): boolean =>
  error instanceof GatewayRefusal && (error.answer.status === 403 || error.answer.status === 404);
