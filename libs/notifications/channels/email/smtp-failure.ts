import { ChannelError, type FailureReason } from '../notification-channel.ts';
import { tlsTrouble } from '../tls-trouble.ts';

/** What nodemailer says of a mail that was not sent. */
interface SmtpError {
  readonly code?: string;
  /** Of the system, where `code` is nodemailer's own. */
  readonly originalCode?: string;
  /** What the server answered, and the number it began with. */
  readonly response?: string;
  readonly responseCode?: number;
  /** The same mail would get the same answer again. */
  readonly permanent?: boolean;
  /** See `SmtpPool`. */
  readonly bodyBegan?: boolean;
}

const MAX_WORDS = 200;

/**
 * What a failure over SMTP means. The server owns a mail when it has answered its last line with 250: before the
 * first line of the mail was written it cannot have arrived, after that only an answer tells.
 */
export function smtpFailure(error: unknown, isAborted: boolean): ChannelError {
  const told = Object(error) as SmtpError;
  const { code = '', response, responseCode = 0, bodyBegan = false } = told;
  if (isAborted) return broken('timeout', bodyBegan, 'No answer within the time limit.');
  if (code === 'EAUTH' || code === 'ENOAUTH') return loginRefused(responseCode);
  // An answer to STARTTLS says nothing about the mail, whatever its number.
  if (code === 'ETLS' && response !== undefined) {
    return broken('network', false, 'The mail server offers no encryption (STARTTLS).');
  }
  if (responseCode >= 400) return refused(told, responseCode);
  if (response !== undefined || code === 'EPROTOCOL') {
    return broken('malformed-answer', bodyBegan, 'The answer was not understood.');
  }
  if (code === 'ETIMEDOUT') return broken('timeout', bodyBegan, 'The mail server does not answer.');
  if (['ECONNECTION', 'ESOCKET', 'EDNS', 'ETLS'].includes(code)) {
    const word = told.originalCode ?? code;
    return broken('network', bodyBegan, tlsTrouble(word) ?? `The connection failed (${word}).`);
  }
  if (['EENVELOPE', 'EMESSAGE', 'EMAXRECIPIENTS'].includes(code)) {
    return new ChannelError('The mail server cannot take such a mail: its size or an address.', {
      retry: 'no',
      reason: 'refused',
    });
  }
  return broken('internal', bodyBegan, `The mail could not be sent (${code || 'unknown'}).`);
}

const broken = (reason: FailureReason, mayHaveArrived: boolean, words: string): ChannelError =>
  new ChannelError(mayHaveArrived ? words : `${words} Nothing was sent.`, {
    retry: mayHaveArrived ? 'ambiguous' : 'yes',
    reason,
  });

/** Its words are not repeated: some servers say the user, and what they got, once more. */
const loginRefused = (responseCode: number): ChannelError =>
  responseCode >= 400 && responseCode < 500
    ? new ChannelError(`The mail server cannot check the login now (${responseCode}).`, {
        retry: 'yes',
        reason: 'server-error',
      })
    : new ChannelError(`The mail server refuses the login of SMTP_URL (${responseCode || 'no answer'}).`, {
        retry: 'no',
        reason: 'refused',
      });

function refused({ response = '', permanent }: SmtpError, responseCode: number): ChannelError {
  const words = `The mail server answered: ${withoutAddresses(response)}`;
  if (permanent === true) return new ChannelError(words, { retry: 'no', reason: 'refused' });
  // Busy, greylisted (RFC 6647) or by its policy (RFC 3463, X.7): it wants us to come later.
  const isLimited = responseCode === 421 || responseCode === 450 || /^4\d\d[ -]4\.7\./.test(response);
  return new ChannelError(words, { retry: 'yes', reason: isLimited ? 'limited' : 'server-error' });
}

/** A server likes to repeat whom it refuses. */
function withoutAddresses(response: string): string {
  const words = response
    .replace(/<?[^\s<>]*@[^\s<>,;]*>?/g, '…')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  const letters = [...words];
  return letters.length > MAX_WORDS ? `${letters.slice(0, MAX_WORDS - 1).join('')}…` : words;
}
