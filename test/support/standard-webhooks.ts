import { webcrypto } from 'node:crypto';

import type { Recorded } from './http-receiver.ts';

/** Clocks may differ by so many seconds. */
const TOLERANCE = 300;

/**
 * What a receiver of Standard Webhooks 1.0 does, written from its specification and not from our code.
 * @param secret as it was handed out: `whsec_` and base64.
 * @returns whether it would believe the request.
 */
export async function believes(
  secret: string,
  { headers, body }: Pick<Recorded, 'headers' | 'body'>,
  now: Date,
): Promise<boolean> {
  const { 'webhook-id': id, 'webhook-timestamp': sent, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof sent !== 'string' || typeof signatures !== 'string') return false;
  if (!(Math.abs(now.getTime() / 1000 - Number(sent)) <= TOLERANCE)) return false;

  const { subtle } = webcrypto;
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (letter) => letter.charCodeAt(0));
  const key = await subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const content = Buffer.concat([Buffer.from(`${id}.${sent}.`), body]);
  for (const signature of signatures.split(' ')) {
    const [version, text = ''] = signature.split(',');
    const isOurs =
      version === 'v1' && (await subtle.verify('HMAC', key, Buffer.from(text, 'base64'), content));
    if (isOurs) return true;
  }
  return false;
}
