import { HttpReceiver, type Answer, type Recorded } from '../http-receiver.ts';
import { Emulator, type Reply } from './emulator.ts';

/** A message that went out. */
export interface SentSignal {
  /** Milliseconds; what receivers name it by. */
  readonly timestamp: number;
  readonly recipient: string;
  readonly message: string;
}

/** Who reacts, replies or has received. Without a number they hide it. */
export interface SignalPerson {
  readonly number?: string;
  readonly uuid?: string;
  readonly name?: string;
  /** The internal id of the group it happens in. */
  readonly groupId?: string;
}

export interface SignalCliWishes {
  readonly number?: string;
  /** Internal ids of the groups the number is in. */
  readonly groups?: readonly string[];
  readonly mode?: 'normal' | 'native' | 'json-rpc';
  /** Releases up to 0.100 answer with an object, later ones with a list. */
  readonly shape?: 'object' | 'array';
}

const refusal = (error: string): Answer => ({ status: 400, body: { error } });
const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * signal-cli-rest-api as its source describes it (src/api/api.go, src/client/client.go, src/client/jsonrpc2.go): what
 * `/v2/send` asks for and refuses, in its words; both forms of its answer; what it posts to RECEIVE_WEBHOOK_URL.
 */
export class SignalCli extends Emulator {
  readonly sent: SentSignal[] = [];
  /** Recipients the next sends do not reach, as signal-cli names them. */
  unreached: readonly { number?: string; uuid?: string; reason: string }[] = [];
  #clock = Date.parse('2026-03-02T08:00:00Z');

  private constructor(
    http: HttpReceiver,
    private readonly wishes: Required<SignalCliWishes>,
  ) {
    super(http);
  }

  static async start(wishes: SignalCliWishes = {}): Promise<SignalCli> {
    const { number = '+4930111222', groups = [], mode = 'json-rpc', shape = 'object' } = wishes;
    const http = await HttpReceiver.start();
    return new SignalCli(http, { number, groups, mode, shape });
  }

  /** As in JSON-RPC mode, when Signal wants a captcha. */
  limit(): void {
    const error = 'Failed to send message due to rate limiting';
    this.answer({ status: 429, body: { error, challenge_tokens: [''], account: this.wishes.number } });
  }

  /** The next send that comes in. */
  nextSend(): Promise<Recorded> {
    return this.http.next(({ method }) => method === 'POST');
  }

  protected override respond({ method, url, json }: Recorded): Reply {
    const { number, mode, groups } = this.wishes;
    if (method === 'POST' && url === '/v2/send') return this.interlude ?? this.#send(Object(json));
    if (method === 'GET' && url === '/v1/about')
      return { body: { build: 2, mode, version: '0.100', versions: ['v1', 'v2'] } };
    if (method === 'GET' && url === '/v1/accounts') return { body: [number] };
    if (method === 'GET' && url === `/v1/groups/${encodeURIComponent(number)}`) {
      return {
        body: groups.map((id) => ({ id: groupOf(id), internal_id: id, name: 'Guards', members: [] })),
      };
    }
    return url.startsWith('/v1/groups/')
      ? refusal('Specified account does not exist')
      : { status: 404, body: '404 page not found' };
  }

  #send({ number, recipients = [], message, text_mode }: Readonly<Record<string, unknown>>): Answer {
    if (!Array.isArray(recipients) || !recipients.every(isText) || !isText(message))
      return refusal("Couldn't process request - invalid request");
    const [recipient] = recipients;
    if (recipient === undefined)
      return refusal("Couldn't process request - please provide at least one recipient");
    if (!isText(number) || number === '')
      return refusal("Couldn't process request - please provide a valid number");
    if (![undefined, 'normal', 'styled'].includes(text_mode as string))
      return refusal("Couldn't process request - please use either 'styled' or 'normal' as text_mode");
    const groups = recipients.filter((one) => one.startsWith('group.'));
    if (groups.length > 0 && groups.length < recipients.length)
      return refusal(
        'Signal Messenger Groups and phone numbers cannot be specified together in one request! ' +
          'Please split them up into multiple REST API calls.',
      );
    if (groups.length > 1)
      return refusal(
        'A signal message cannot be sent to more than one group at once! Please use multiple REST API calls for that.',
      );
    if (number !== this.wishes.number) return refusal(`User ${number} is not registered.\n`);
    if (groups.length > 0 && !this.wishes.groups.map(groupOf).includes(recipient))
      return refusal('Invalid group id');
    if (groups.length === 0 && !/^\+\d+$|^[0-9a-f-]{36}$|^\w{3,}\.\d{2,}$/.test(recipient))
      return refusal(`Invalid identifier ${recipient}`);
    return this.#accept(recipient, message);
  }

  #accept(recipient: string, message: string): Answer {
    this.#clock += 1;
    this.sent.push({ timestamp: this.#clock, recipient, message });
    const one = {
      timestamp: String(this.#clock),
      ...(this.unreached.length === 0 ? {} : { errors: { recipients: this.unreached } }),
    };
    return { status: 201, body: this.wishes.shape === 'array' ? [one] : one };
  }

  /** What is posted when somebody reacts to a message. */
  reaction(from: SignalPerson, timestamp: number, emoji = '👍', isRemove = false): string {
    const { number } = this.wishes;
    const reaction = { emoji, targetAuthorNumber: number, targetSentTimestamp: timestamp, isRemove };
    return this.#received(from, { dataMessage: { ...this.#data(from), message: null, reaction } });
  }

  /** What is posted when somebody replies to a message. */
  reply(from: SignalPerson, timestamp: number, message: string): string {
    const quote = { id: timestamp, authorNumber: this.wishes.number, text: '…', attachments: [] };
    return this.#received(from, { dataMessage: { ...this.#data(from), message, quote } });
  }

  /** What is posted when somebody writes without referring to anything. */
  message(from: SignalPerson, message: string): string {
    return this.#received(from, { dataMessage: { ...this.#data(from), message } });
  }

  /** What is posted when messages have reached a phone, or were read there. */
  receipt(from: SignalPerson, timestamps: readonly number[], what: 'isDelivery' | 'isRead' = 'isDelivery') {
    const flags = { isDelivery: false, isRead: false, isViewed: false, [what]: true };
    return this.#received(from, { receiptMessage: { when: this.#clock, ...flags, timestamps } });
  }

  #data({ groupId }: SignalPerson): object {
    const group = groupId === undefined ? {} : { groupInfo: { groupId, type: 'DELIVER' } };
    return { timestamp: this.#clock, expiresInSeconds: 0, viewOnce: false, ...group };
  }

  /** A line of signal-cli's JSON-RPC, which is passed on as it is. */
  #received({ number, uuid, name }: SignalPerson, content: object): string {
    const source = {
      source: number ?? uuid ?? null,
      sourceNumber: number ?? null,
      sourceUuid: uuid ?? null,
      sourceName: name ?? null,
    };
    const envelope = { ...source, sourceDevice: 1, timestamp: this.#clock, ...content };
    const params = { envelope, account: this.wishes.number };
    return `${JSON.stringify({ jsonrpc: '2.0', method: 'receive', params })}\n`;
  }

  /** Posts it as the server does, and is content with what the server is content with: 200 or 201. */
  async post(webhookUrl: string, line: string): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const { status } = await fetch(webhookUrl, { method: 'POST', headers, body: line });
    if (status !== 200 && status !== 201) throw new Error(`Unexpected status code returned (${status})`);
  }
}

/** How the server calls a group. */
export const groupOf = (internalId: string): string => `group.${Buffer.from(internalId).toString('base64')}`;
