import type { SignalSender } from '#notifications';
import { BrokerError } from '#platform';

interface AboutMessage {
  readonly timestamp: string;
  /** The number it was sent from, as far as the sender's phone says. */
  readonly author: string | null;
}

/** What somebody did with a message, named by its time in milliseconds. */
export type SignalNews =
  | (AboutMessage & { readonly kind: 'reaction'; readonly emoji: string })
  | (AboutMessage & { readonly kind: 'reply'; readonly text: string })
  | { readonly kind: 'receipt'; readonly timestamps: readonly string[] };

export interface SignalEnvelope {
  readonly sender: SignalSender & { readonly name: string | null };
  readonly news: SignalNews;
}

/** A receipt may be about many messages, but not about any number of them. */
const MAX_TIMESTAMPS = 100;

/**
 * Reads what signal-cli-rest-api posts to RECEIVE_WEBHOOK_URL: a notification `receive` of signal-cli's JSON-RPC
 * (https://github.com/AsamK/signal-cli/blob/master/man/signal-cli-jsonrpc.5.adoc).
 *
 * @returns nothing for the many things that are no answer: typing, calls, stories, messages without a quote,
 *   reactions taken back.
 * @throws BrokerError `signal.malformed` for what is no such notification at all.
 */
export function readEnvelope(body: unknown): SignalEnvelope | undefined {
  const params = partIn(partOf(body), 'params');
  if (params === undefined) {
    throw new BrokerError('malformed', 'signal.malformed', 'The body is no notification of signal-cli.');
  }
  const envelope = partIn(params, 'envelope') ?? partIn(partIn(params, 'result'), 'envelope');
  const data = partIn(envelope, 'dataMessage');
  const news = newsIn(data) ?? receiptIn(partIn(envelope, 'receiptMessage'));
  if (envelope === undefined || news === undefined) return undefined;
  const sender = {
    number: textIn(envelope, 'sourceNumber') ?? null,
    uuid: textIn(envelope, 'sourceUuid') ?? null,
    name: textIn(envelope, 'sourceName') ?? null,
    groupId: textIn(partIn(data, 'groupInfo'), 'groupId') ?? null,
  };
  return { sender, news };
}

function newsIn(data: Part | undefined): SignalNews | undefined {
  const reaction = partIn(data, 'reaction');
  const emoji = textIn(reaction, 'emoji');
  const target = timestampOf(reaction?.['targetSentTimestamp']);
  if (emoji !== undefined && target !== undefined) {
    const author = textIn(reaction, 'targetAuthorNumber') ?? null;
    return reaction?.['isRemove'] === true
      ? undefined
      : { kind: 'reaction', timestamp: target, author, emoji };
  }
  const quote = partIn(data, 'quote');
  const quoted = timestampOf(quote?.['id']);
  const text = textIn(data, 'message');
  if (quoted === undefined || text === undefined) return undefined;
  return { kind: 'reply', timestamp: quoted, author: textIn(quote, 'authorNumber') ?? null, text };
}

/** Read or viewed is delivered, too, and may be all that is told. */
function receiptIn(receipt: Part | undefined): SignalNews | undefined {
  const isOne = ['isDelivery', 'isRead', 'isViewed'].some((flag) => receipt?.[flag] === true);
  const timestamps: unknown = receipt?.['timestamps'];
  if (!isOne || !Array.isArray(timestamps)) return undefined;
  const known = timestamps.slice(0, MAX_TIMESTAMPS).map(timestampOf);
  return { kind: 'receipt', timestamps: known.filter((time) => time !== undefined) };
}

type Part = Readonly<Record<string, unknown>>;

const partOf = (value: unknown): Part | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

const partIn = (part: Part | undefined, name: string): Part | undefined => partOf(part?.[name]);

function textIn(part: Part | undefined, name: string): string | undefined {
  const value = part?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const timestampOf = (value: unknown): string | undefined =>
  Number.isSafeInteger(value) && Number(value) > 0 ? String(value) : undefined;
