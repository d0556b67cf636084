import { BrokerError } from '../errors/broker-error.ts';

/** A structured-field string (RFC 8941), as the draft of the header asks for. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** The same without quotes, as most clients send it. */
const BARE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;
const MAX_LENGTH = 255;

/**
 * Reads the header `Idempotency-Key`. The same key with and without quotes is one key.
 *
 * @returns nothing when the header was not sent. @throws BrokerError `idempotency.malformed`
 */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const sent = header.trim();
  const key = QUOTED.exec(sent)?.[1]?.replace(/\\(.)/g, '$1') ?? (BARE.test(sent) ? sent : '');
  if (key === '' || key.length > MAX_LENGTH) {
    throw new BrokerError(
      'malformed',
      'idempotency.malformed',
      `Idempotency-Key must be one string in double quotes, of 1 to ${MAX_LENGTH} printable ASCII characters.`,
    );
  }
  return key;
}
