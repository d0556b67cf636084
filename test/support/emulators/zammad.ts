import { HttpReceiver, type Answer, type Recorded } from '../http-receiver.ts';

/** A ticket as the emulator keeps it. */
export interface EmulatedTicket {
  readonly id: number;
  readonly number: string;
  title: string;
  group: string;
  state: string;
  priority: string;
  readonly customer: string;
  readonly tags: readonly string[];
  readonly articles: EmulatedArticle[];
}

export interface EmulatedArticle {
  readonly id: number;
  readonly subject: string;
  readonly body: string;
  readonly type: string;
  readonly internal: boolean;
  readonly content_type: string;
}

type Named = { readonly id: number; readonly name: string; active: boolean };

type Json = Record<string, unknown>;

/** A refusal, in the words Zammad has for it. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly answer: Json,
  ) {
    super();
  }
}

/** What it tells people. */
const refuse = (status: number, error: string): never => {
  throw new Refusal(status, { error, error_human: error });
};
/** What it tells administrators only. */
const breakDown = (status = 500): never => {
  throw new Refusal(status, { error: 'Error ID Ab3dE6gH: Please contact your administrator.' });
};

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const named = (...names: string[]): Named[] => names.map((name, i) => ({ id: i + 1, name, active: true }));

/**
 * Zammad's REST API as its documentation and its controllers describe it, as far as tickets go. It refuses what the
 * real one refuses, in its words, and keeps what it is given.
 */
export class ZammadEmulator {
  static readonly TOKEN = 'zammad-access-token-of-the-broker';

  readonly groups = named('Users', 'Notfallstelle', 'Leitstelle');
  readonly states = named('new', 'open', 'pending reminder', 'closed', 'merged', 'removed', 'pending close');
  readonly priorities = named('1 low', '2 normal', '3 high');
  readonly tickets: EmulatedTicket[] = [];

  /** Groups the token's user may not work in. */
  readonly forbiddenGroups = new Set<string>();
  /** Listing groups took the permission `admin.group` before version 6.5. */
  mayListGroups = true;
  /** Without Elasticsearch a query is a piece of text that is looked for in titles, numbers and articles. */
  hasSearchIndex = true;
  /** The search index has not heard of anything yet; it never has at once. */
  indexLags = false;
  /** How searching fails: with conditions unknown, with the search index gone, wholly, or by taking for ever. */
  searchTrouble: 'none' | 'no-conditions' | 'no-index' | 'broken' | 'hanging' = 'none';
  /** Whether `expand=true` is understood. */
  expands = true;
  /** A Core Workflow that wants a field filled in with every change. */
  mandatoryField: string | undefined;

  private receiver!: HttpReceiver;
  private url_ = '';
  private lost = 0;
  private readonly instead: (Answer | 'hang' | 'reset')[] = [];

  static async start(): Promise<ZammadEmulator> {
    const emulator = new ZammadEmulator();
    await emulator.up();
    return emulator;
  }

  get url(): string {
    return this.url_;
  }

  get requests(): readonly Recorded[] {
    return this.receiver.requests;
  }

  /** `POST /tickets` and the like, in order. */
  get calls(): string[] {
    return this.requests.map(
      ({ method, url }) => `${method} ${url.replace('/api/v1', '').replace(/\?.*/, '')}`,
    );
  }

  /** Does what the next requests that change something ask for, and cuts the line instead of answering. */
  loseAnswers(count = 1): void {
    this.lost = count;
  }

  /** Answers the next requests so, without doing anything. */
  answerInstead(...answers: (Answer | 'hang' | 'reset')[]): void {
    this.instead.push(...answers);
  }

  async up(): Promise<void> {
    this.receiver = await HttpReceiver.start(this.url_ === '' ? 0 : Number(new URL(this.url_).port));
    this.url_ = this.receiver.url;
    this.receiver.answer((request) => this.answer(request));
  }

  /** Nobody listens any more, until `up()`. */
  close(): Promise<void> {
    return this.receiver.close();
  }

  private answer(request: Recorded): Answer | 'hang' | 'reset' {
    const instead = this.instead.shift();
    if (instead !== undefined) return instead;
    try {
      this.authenticate(request);
      const answer = this.act(request);
      if (request.method !== 'GET' && answer !== 'hang' && this.lost-- > 0) return 'reset';
      return answer;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const { status, answer } = refusal;
      const failure = status === 401 || status === 403 ? { 'x-failure': String(answer['error']) } : {};
      return { status, body: answer, headers: failure };
    }
  }

  private authenticate({ headers }: Recorded): void {
    const [, token] = /^(?:Token|Bearer)\s+(?:token=)?"?([^"]*)"?$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) refuse(403, 'Authentication required');
    if (token !== ZammadEmulator.TOKEN) refuse(401, "Can't find User for Token");
  }

  private act({ method, url, json }: Recorded): Answer | 'hang' {
    const { pathname, searchParams } = new URL(url, 'http://zammad');
    const body = (json ?? {}) as Json;
    const ticketId = /^\/api\/v1\/tickets\/(\d+)$/.exec(pathname)?.[1];
    if (method === 'PUT' && ticketId !== undefined)
      return { status: 200, body: this.update(Number(ticketId), body) };
    switch (`${method} ${pathname}`) {
      case 'POST /api/v1/tickets':
        return { status: 201, body: this.create(body) };
      case 'POST /api/v1/ticket_articles':
        return {
          status: 201,
          body: {
            ...this.append(this.reachable(Number(body['ticket_id'])), body),
            ticket_id: body['ticket_id'],
          },
        };
      case 'GET /api/v1/tickets/search':
        return this.searchTrouble === 'hanging' ? 'hang' : { body: this.search(searchParams) };
      case 'GET /api/v1/groups':
        return this.mayListGroups ? { body: this.groups } : refuse(403, 'Not authorized');
      case 'GET /api/v1/ticket_states':
        return { body: this.states };
      case 'GET /api/v1/ticket_priorities':
        return { body: this.priorities };
      default:
        return refuse(404, `No route matches [${method}] ${pathname}`);
    }
  }

  private create(body: Json): Json {
    const group =
      this.reference(body, 'group', this.groups) ??
      refuse(422, "Missing required value for field 'group_id'!");
    const state = this.reference(body, 'state', this.states) ?? this.states[0]!;
    const priority = this.reference(body, 'priority', this.priorities) ?? this.priorities[1]!;
    const [, mail] =
      /^guess:(.+)$/.exec(String(body['customer'])) ??
      refuse(422, `No lookup value found for 'customer': "${String(body['customer'])}"`);
    if (!/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(mail!))
      throw new Refusal(422, { error: `Invalid email '${mail}' of customer` });
    if (this.forbiddenGroups.has(group.name)) refuse(403, 'Not authorized');
    if (typeof body['title'] !== 'string' || body['title'] === '')
      refuse(422, "Missing required value for field 'title'!");
    if (body['tags'] !== undefined && typeof body['tags'] !== 'string') breakDown();

    const id = this.tickets.length + 19;
    const ticket: EmulatedTicket = {
      id,
      number: String(22_000 + id),
      title: String(body['title']),
      group: group.name,
      state: state.name,
      priority: priority.name,
      customer: mail!,
      tags: typeof body['tags'] === 'string' ? body['tags'].split(',') : [],
      articles: [],
    };
    if (body['article'] !== undefined) this.append(ticket, body['article'] as Json);
    this.tickets.push(ticket);
    return this.attributes(ticket);
  }

  private update(id: number, body: Json): Json {
    const ticket = this.reachable(id);
    const state = this.reference(body, 'state', this.states);
    if (this.mandatoryField !== undefined && body[this.mandatoryField] === undefined)
      refuse(422, `Missing required value for field '${this.mandatoryField}'!`);
    if (body['article'] !== undefined) this.append(ticket, body['article'] as Json);
    if (state !== undefined) ticket.state = state.name;
    return this.attributes(ticket);
  }

  private append(ticket: EmulatedTicket, body: Json): EmulatedArticle {
    if (body['body'] === undefined) refuse(422, 'Need at least article: { body: "some text" }');
    const article = {
      id: this.tickets.reduce((count, { articles }) => count + articles.length, ticket.articles.length) + 100,
      subject: text(body['subject'], ''),
      body: text(body['body'], ''),
      type: text(body['type'], 'note'),
      internal: body['internal'] === true,
      content_type: text(body['content_type'], 'text/plain'),
    };
    ticket.articles.push(article);
    return article;
  }

  private reachable(id: number): EmulatedTicket {
    const ticket =
      this.tickets.find((one) => one.id === id) ?? refuse(404, `Couldn't find Ticket with 'id'=${id}`);
    if (this.forbiddenGroups.has(ticket.group)) refuse(403, 'Not authorized');
    return ticket;
  }

  /** By name or by id. A bad name is told; a bad id only breaks a foreign key, which is not. */
  private reference(body: Json, field: string, all: readonly Named[]): Named | undefined {
    const id = body[`${field}_id`];
    if (id !== undefined) return all.find((one) => one.id === Number(id)) ?? breakDown(422);
    const name = body[field];
    if (name === undefined) return undefined;
    return (
      all.find((one) => one.name === name) ??
      refuse(422, `No lookup value found for '${field}': ${JSON.stringify(name)}`)
    );
  }

  private search(params: URLSearchParams): unknown {
    if (this.searchTrouble === 'broken') breakDown();
    const query = params.get('query');
    const title = params.get('condition[ticket.title][value]');
    if (query !== null && this.searchTrouble === 'no-index') breakDown();
    const conditions = this.searchTrouble !== 'no-conditions' && title !== null;
    const matches = ({ number, title: of, tags, articles }: EmulatedTicket): boolean => {
      if (query === null) return conditions && of.toLowerCase().includes(title.toLowerCase());
      const tag = /^tags:"([^"]+)"$/.exec(query)?.[1];
      if (this.hasSearchIndex) return !this.indexLags && tag !== undefined && tags.includes(tag);
      return [of, number, ...articles.map(({ body }) => body)].some((part) => part.includes(query));
    };
    const found = this.tickets
      .filter((ticket) => !this.forbiddenGroups.has(ticket.group) && matches(ticket))
      .slice(0, Number(params.get('limit') ?? 50));
    if (params.get('expand') === 'true' && this.expands)
      return found.map((ticket) => ({
        ...this.attributes(ticket),
        group: ticket.group,
        state: ticket.state,
      }));
    return {
      tickets: found.map(({ id }) => id),
      tickets_count: found.length,
      assets: {
        Ticket: Object.fromEntries(found.map((ticket) => [ticket.id, this.attributes(ticket)])),
        Group: Object.fromEntries(this.groups.map((group) => [group.id, group])),
      },
    };
  }

  private attributes(ticket: EmulatedTicket): Json {
    const idOf = (name: string, all: readonly Named[]) => all.find((one) => one.name === name)?.id;
    return {
      id: ticket.id,
      number: ticket.number,
      title: ticket.title,
      group_id: idOf(ticket.group, this.groups),
      state_id: idOf(ticket.state, this.states),
      priority_id: idOf(ticket.priority, this.priorities),
      customer_id: 7,
      article_ids: ticket.articles.map(({ id }) => id),
    };
  }
}
