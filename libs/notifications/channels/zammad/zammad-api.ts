import { STATUS_CODES } from 'node:http';

import { cleanLine, type Settings } from '#platform';

import { GatewayRefusal, exchange, trustedAgent, type GatewayAnswer } from '../gateway.ts';
import { ChannelError } from '../notification-channel.ts';
import {
  objectsIn,
  parsed,
  reasonIn,
  ticketIn,
  ticketsIn,
  type Ticket,
  type ZammadObject,
} from './zammad-answers.ts';

/** A note on a ticket, for agents only. */
export interface Article {
  readonly subject: string;
  readonly body: string;
  readonly type: 'note';
  readonly internal: true;
  readonly content_type: 'text/plain';
}

/** The body of `POST /api/v1/tickets`. State and priority by name or by id. */
export interface NewTicket {
  readonly title: string;
  readonly group: string;
  readonly customer: string;
  readonly state?: string;
  readonly state_id?: number;
  readonly priority?: string;
  readonly priority_id?: number;
  /** One string with commas: Zammad answers 500 to a list. */
  readonly tags: string;
  readonly article: Article;
}

export interface Call {
  readonly signal: AbortSignal;
  readonly requestId?: string | null;
}

/** The state a ticket gets when its alarm is over. */
export const CLOSED_STATE = 'closed';

/** Groups name their members, so a list of them is longer than a receipt. */
const MAX_LIST_BYTES = 4 << 20;
const MAX_REASON = 200;

/**
 * Zammad's REST API (https://docs.zammad.org/en/latest/api/intro.html), as far as tickets of alarms need it.
 * Every failure is a ChannelError in Zammad's own words, without token or address.
 */
export class ZammadApi {
  /** Where Zammad is, without a slash at the end and without credentials. */
  readonly baseUrl: string;
  private readonly token: string;
  private readonly agent = trustedAgent();

  constructor(settings: Pick<Settings, 'ZAMMAD_BASE_URL' | 'ZAMMAD_API_TOKEN'>) {
    const { origin, pathname } = new URL(settings.ZAMMAD_BASE_URL ?? '');
    this.baseUrl = `${origin}${pathname}`.replace(/\/+$/, '');
    this.token = settings.ZAMMAD_API_TOKEN ?? '';
  }

  async createTicket(ticket: NewTicket, call: Call): Promise<Ticket> {
    const { text } = await this.request('POST', '/tickets', call, ticket);
    const created = ticketIn(parsed(text));
    if (created === undefined) {
      throw new ChannelError('Zammad accepted the ticket, but its answer names none.', {
        retry: 'ambiguous',
        reason: 'malformed-answer',
      });
    }
    return created;
  }

  async addNote(ticketId: string, article: Article, call: Call): Promise<void> {
    await this.request('POST', '/ticket_articles', call, { ticket_id: Number(ticketId), ...article });
  }

  async close(ticketId: string, article: Article, call: Call): Promise<void> {
    await this.request('PUT', `/tickets/${ticketId}`, call, { state: CLOSED_STATE, article });
  }

  /** @param criteria `query` for the search index, or `condition[…]` for the database. */
  async search(criteria: Readonly<Record<string, string>>, call: Call): Promise<Ticket[]> {
    const query = new URLSearchParams({ ...criteria, limit: '10', expand: 'true' });
    const { text } = await this.request('GET', `/tickets/search?${query}`, call);
    return ticketsIn(parsed(text)) ?? noAnswer();
  }

  /** Everything there is of a kind. @param kind `groups`, `ticket_states` or `ticket_priorities`. */
  async list(kind: string, call: Call): Promise<ZammadObject[]> {
    const { text } = await this.request('GET', `/${kind}`, call);
    return objectsIn(parsed(text)) ?? noAnswer();
  }

  private async request(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { signal, requestId }: Call,
    body?: object,
  ): Promise<GatewayAnswer> {
    const request = {
      method,
      url: `${this.baseUrl}/api/v1${path}`,
      headers: {
        authorization: `Token token=${this.token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(requestId === null || requestId === undefined ? {} : { 'x-request-id': requestId }),
      },
      body: body === undefined ? '' : JSON.stringify(body),
      maxAnswerBytes: MAX_LIST_BYTES,
    };
    try {
      return await exchange(request, this.agent, signal);
    } catch (error) {
      if (error instanceof GatewayRefusal) throw this.inZammadsWords(error);
      // Asking changes nothing, so it may always be done again.
      if (method === 'GET' && error instanceof ChannelError && error.options.retry === 'ambiguous')
        throw new ChannelError(error.message, { ...error.options, retry: 'yes' });
      throw error;
    }
  }

  private inZammadsWords({ answer, options }: GatewayRefusal): GatewayRefusal {
    const { status, text } = answer;
    const said = reasonIn(parsed(text));
    const reason = said === undefined ? '' : this.clean(said);
    const answered = `Zammad answered ${status} ${STATUS_CODES[status] ?? ''}`.trim();
    // Zammad explains its refusals; what does not is something else.
    const hint = reason === '' && status < 500 && options.retry === 'no' ? ' Is ZAMMAD_BASE_URL right?' : '';
    return new GatewayRefusal(`${answered}${reason === '' ? '' : `: ${reason}`}.${hint}`, options, answer);
  }

  /** Zammad repeats what it was sent, for instance the customer's mail address. Phone numbers are nobody's business either. */
  private clean(reason: string): string {
    const shown = reason
      .replaceAll(this.token || '\0', '…')
      .replace(/https?:\/\/\S+/gi, '…')
      .replace(/[^\s'"<>]+@[^\s'"<>]+/g, '…')
      .replace(/\+?\d[\d ()/.-]{4,}\d/g, '…');
    return cleanLine(shown, MAX_REASON, ' ').replace(/\.$/, '');
  }
}

function noAnswer(): never {
  throw new ChannelError('What answers at ZAMMAD_BASE_URL does not speak like Zammad.', {
    retry: 'yes',
    reason: 'malformed-answer',
  });
}
