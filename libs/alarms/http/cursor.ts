import { BrokerError } from '#platform';

import type { Page } from '../alarms.ts';

type Position = NonNullable<Page['after']>;

const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where a page ended, as an opaque word for `?cursor=`. */
export const encodeCursor = (position: Position): string =>
  Buffer.from(`${position.createdAt.toISOString()} ${position.id}`).toString('base64url');

/** @throws BrokerError for a word that is not one of ours. */
export function decodeCursor(cursor: string): Position {
  const [, time = '', id = ''] = POSITION.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime())) {
    throw new BrokerError('invalid', 'request.invalid', 'cursor: is not one that was given out here.', {
      violations: [{ pointer: 'cursor', detail: 'is not one that was given out here' }],
    });
  }
  return { createdAt, id };
}
