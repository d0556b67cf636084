import { BrokerError } from '#platform';

import type { Page } from '../alarms.ts';

type Position = NonNullable<Page['after']>;

/** Where a page ended, as an opaque word for `?cursor=`. */
export const encodeCursor = (position: Position): string =>
  Buffer.from(`${position.createdAt.toISOString()} ${position.id}`).toString('base64url');

/** @throws BrokerError for a word that is not one of ours. */
export function decodeCursor(cursor: string): Position {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) {
    throw new BrokerError('invalid', 'request.invalid', 'cursor: is not one that was given out here.', {
      violations: [{ pointer: 'cursor', detail: 'is not one that was given out here' }],
    });
  }
  return { createdAt, id };
}
