import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';

/** A time-ordered key (UUID v7, RFC 9562): made here, so rows that refer to each other need no answer. */
export const newId = (): string => randomUUIDv7();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether PostgreSQL would take it for one of our keys; what somebody typed into a URL may be anything. */
export const isId = (text: string): boolean => UUID.test(text);

/** An unguessable name for a link: 32 bytes, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** One-way form of a secret that is looked up by equality. The secrets are long and random enough for it. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
