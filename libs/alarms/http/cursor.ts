import { BrokerError, isId } from '#platform';

import type { Position, SortField } from '../alarm-selection.ts';

const FORM =
  /^(created_at|status|severity) (\w*) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where a page ended, as an opaque word for `?cursor=`. */
export const encodeCursor = ({ sortedBy, value, createdAt, id }: Position): string =>
  Buffer.from(`${sortedBy} ${value} ${createdAt.toISOString()} ${id}`).toString('base64url');

/** @throws BrokerError for a word that is not one of ours, or belongs to a list in another order. */
export function decodeCursor(cursor: string, sortBy: SortField): Position {
  const [, sortedBy, value = '', time = '', id = ''] =
    FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime())) throw invalid('is not one that was given out here');
  if (sortedBy !== sortBy) throw invalid('belongs to a list in another order');
  return { sortedBy: sortBy, value, createdAt, id };
}

/** The same for a list in the order of its ids. */
export const encodeIdCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws BrokerError for a word that is not one of ours. */
export function decodeIdCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId(id)) throw invalid('is not one that was given out here');
  return id;
}

const invalid = (detail: string): BrokerError =>
  new BrokerError('invalid', 'request.invalid', `cursor: ${detail}.`, {
    violations: [{ pointer: 'cursor', detail }],
  });
