import { cleanLine } from '#platform';

import type { GatewayAnswer, GatewayRefusal } from '../gateway.ts';
import { ChannelError, type FailureOptions, type Receipt } from '../notification-channel.ts';
import type { CodeMeaning, SmsConnector } from './sms-connector.ts';
import { scalarText, valueAt } from './sms-template.ts';

const MAX_WORDS = 200;
const MAX_REF = 200;

const MEANS: Readonly<Record<Exclude<CodeMeaning, 'accepted'>, FailureOptions>> = {
  retry: { retry: 'yes', reason: 'server-error' },
  refused: { retry: 'no', reason: 'refused' },
  ambiguous: { retry: 'ambiguous', reason: 'malformed-answer' },
};

/**
 * What a 2xx answer of the provider means: its status and its body must both say that the message was taken.
 * @param unspeakable what must not be repeated from it: numbers, keys, the message.
 * @throws ChannelError
 */
export function receiptFrom(
  answer: GatewayAnswer,
  connector: SmsConnector,
  unspeakable: readonly string[],
): Receipt {
  const { success, codes, messageIdPath } = connector;
  const document = parsed(answer.text);
  const wordless = `The provider answered ${answer.status}`;
  if (!success.status.includes(answer.status)) {
    throw new ChannelError(`${wordless}, which does not say whether it took the message.`, MEANS.ambiguous);
  }
  if (success.path !== undefined) {
    // Some say no more than a code.
    const said = scalarText(valueAt(document, success.path)) ?? scalarText(document);
    if (said === undefined) {
      throw new ChannelError(`${wordless}, and the rest was not understood.`, MEANS.ambiguous);
    }
    const meaning = (success.equals ?? said) === said ? 'accepted' : (codes[said] ?? 'refused');
    if (meaning !== 'accepted') {
      const words = ownWords(document, connector, unspeakable) ?? showable(said, unspeakable);
      throw new ChannelError(sentence('The provider did not take it', words), MEANS[meaning]);
    }
  }
  const ref = cleanLine(firstAt(document, messageIdPath) ?? '', MAX_REF);
  return ref === '' ? {} : { externalRef: ref };
}

/** The same for any other answer. */
export function refusalFrom(
  { answer, message, options }: GatewayRefusal,
  connector: SmsConnector,
  unspeakable: readonly string[],
): ChannelError {
  const { status, text } = answer;
  const words = ownWords(parsed(text), connector, unspeakable);
  const { retryAfterSeconds } = options;
  const reason = [408, 425, 429].includes(status) ? 'limited' : 'server-error';
  return new ChannelError(
    sentence(message, words),
    connector.retryStatuses.includes(status)
      ? { retry: 'yes', reason, retryAfterSeconds }
      : { retry: 'no', reason: 'refused' },
  );
}

const sentence = (beginning: string, words: string | undefined): string =>
  `${beginning.replace(/\.$/, '')}${words === undefined ? '' : `: ${words}`}`.replace(/[.\s]*$/, '.');

const firstAt = (document: unknown, paths: readonly string[]): string | undefined =>
  paths.map((path) => scalarText(valueAt(document, path))).find((value) => value !== undefined);

/** The first of the provider's words that can be shown to anybody. */
function ownWords(
  document: unknown,
  { errorPath }: SmsConnector,
  unspeakable: readonly string[],
): string | undefined {
  return errorPath
    .map((path) => scalarText(valueAt(document, path)))
    .map((words) => words && showable(words, unspeakable))
    .find((words) => words !== undefined && words !== '');
}

/** Up to five digits are a code; more may be a number. */
const code = (words: string): string | undefined => (/^\d{1,5}$/.test(words) ? `code ${words}` : undefined);

const TELLS_TOO_MUCH = /\d[\d\s()./-]{3,}\d|:\/\/|@|\bBearer\b|\bBasic\b/i;

/**
 * Words of a stranger are stored and shown, so none that may hold a number, an address or a secret.
 * @returns nothing when they cannot be shown.
 */
export function showable(words: string, unspeakable: readonly string[] = []): string | undefined {
  const line = cleanLine(words, MAX_WORDS, ' ');
  const isSafe =
    !TELLS_TOO_MUCH.test(words) && !unspeakable.some((word) => word !== '' && words.includes(word));
  return code(line) ?? (isSafe && line !== '' ? line : undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
