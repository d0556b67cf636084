import { ChannelError, type FailureReason, type Receipt } from '../notification-channel.ts';
import { serverWords } from '../server-words.ts';

/** What signal-cli says of a recipient who will not get it the next time either. */
const FINAL = new Set(['UNREGISTERED_FAILURE', 'IDENTITY_FAILURE']);
/** Outside JSON-RPC mode every failure is a 400; these words tell of those that pass. */
const RATE_LIMIT = /rate ?limit/i;
const PASSING = /network ?failure|time[d-]? ?-?out|connection/i;
const CAPTCHA = /captcha|proof required/i;

/**
 * Reads a 201 of `/v2/send`: an object up to release 0.100, a list since. Recipients that were not reached are
 * named in it although it is a success.
 * @param toGroup whether others got it where some did not.
 * @throws ChannelError when the one recipient was not reached, or the answer names no message.
 */
export function sendReceipt(text: string, toGroup: boolean): Receipt {
  const parts = partsOf(text);
  const timestamp = parts.map((part) => timestampIn(part['timestamp'])).find((time) => time !== undefined);
  const failures = parts.flatMap(failuresIn);
  const [reason] = failures;
  if (reason !== undefined && !toGroup) throw notReached(reason);
  if (timestamp === undefined) {
    throw new ChannelError('The answer of the Signal server names no message.', {
      retry: 'ambiguous',
      reason: 'malformed-answer',
    });
  }
  if (reason === undefined) return { externalRef: timestamp };
  return {
    externalRef: timestamp,
    facts: { not_reached: failures.length, not_reached_because: [...new Set(failures)].join(', ') },
  };
}

/** Somebody has to prove to Signal that they are no robot before more is sent. */
export const asksForCaptcha = (status: number, text: string): boolean =>
  status === 429 || (status === 400 && CAPTCHA.test(errorIn(text)));

/**
 * What a refusal means. 429 has been seen although the message had arrived, so it is neither a failure nor to be
 * repeated; sending more makes the limit worse.
 * @param secrets texts the server may quote that must not be stored.
 */
export function sendRefusal(
  status: number,
  text: string,
  ...secrets: readonly string[]
): ChannelError | undefined {
  if (asksForCaptcha(status, text)) {
    return new ChannelError('Signal wants a captcha solved before it sends more; this may have arrived.', {
      retry: 'ambiguous',
      final: true,
      reason: 'limited',
    });
  }
  if (status !== 400) return undefined;
  const error = errorIn(text);
  const words = serverWords(error, ...secrets) || 'it gave no reason';
  const isLimit = RATE_LIMIT.test(error);
  if (isLimit || PASSING.test(error)) {
    const reason: FailureReason = isLimit ? 'limited' : 'network';
    return new ChannelError(`The Signal server could not send it: ${words}`, { retry: 'yes', reason });
  }
  return new ChannelError(`The Signal server refused it: ${words}`, { retry: 'no', reason: 'refused' });
}

function notReached(failure: string): ChannelError {
  const words = `Signal did not reach the recipient: ${failure}.`;
  if (FINAL.has(failure)) return new ChannelError(words, { retry: 'no', reason: 'refused' });
  const reason: FailureReason = failure.startsWith('RATE_LIMIT') ? 'limited' : 'network';
  return new ChannelError(words, { retry: 'yes', reason });
}

type Part = Readonly<Record<string, unknown>>;

const partOf = (value: unknown): Part => Object(value) as Part;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function partsOf(text: string): Part[] {
  const answer = parsed(text);
  return (Array.isArray(answer) ? answer : [answer]).map(partOf);
}

/** Milliseconds, as a text or a number. */
function timestampIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? text : undefined;
}

function failuresIn(part: Part): string[] {
  const { recipients } = partOf(part['errors']) as { recipients?: unknown };
  if (!Array.isArray(recipients)) return [];
  return recipients.map((recipient) => {
    const { reason } = partOf(recipient) as { reason?: unknown };
    return typeof reason === 'string' && /^[A-Z_]{1,60}$/.test(reason) ? reason : 'UNKNOWN_FAILURE';
  });
}

const errorIn = (text: string): string => {
  const { error } = partOf(parsed(text)) as { error?: unknown };
  return typeof error === 'string' ? error : '';
};
