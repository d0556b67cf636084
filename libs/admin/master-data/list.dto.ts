import { invalid, isStorable, PAGE_LENGTH, PageCursor, PageLimit } from '#platform';

import { MAX_ID, Text } from '../fields.ts';

/** The id in a path. */
export class RecordPath {
  @Text(MAX_ID, { example: 'north', description: 'The name of the thing.' }) id!: string;
}

/** Query of a list of master data. */
export class RecordQuery {
  @PageLimit() limit = PAGE_LENGTH;

  @PageCursor(600, 'bm9ydGg') cursor?: string;
}

/** Where a page ended, as a word that fits into a header whatever the id is made of. */
export const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws BrokerError for a word that is not one of ours. */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (id === '' || !isStorable(id) || encodeCursor(id) !== cursor) {
    throw invalid([{ pointer: '/cursor', detail: 'is not one that was given out here' }]);
  }
  return id;
}
