import fc from 'fast-check';

import { BrokerError } from '#platform';

import { SORT_FIELDS } from '../alarm-selection.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const word = (text: string) => Buffer.from(text).toString('base64url');
const ID = '019c0f3e-5a00-7000-8000-0000ab12cd34';

describe('a cursor', () => {
  it('leads back to where the page ended, whatever the list is sorted by', () => {
    const times = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    const values = fc.constantFrom('', 'triggered', 'P0');

    fc.assert(
      fc.property(
        fc.constantFrom(...SORT_FIELDS),
        values,
        times,
        fc.uuid(),
        (sortedBy, value, createdAt, id) => {
          const position = { sortedBy, value, createdAt, id };
          expect(decodeCursor(encodeCursor(position), sortedBy)).toEqual(position);
        },
      ),
    );
  });

  it('is a word that needs no escaping in a query', () => {
    const cursor = encodeCursor({ sortedBy: 'status', value: 'resolved', createdAt: new Date(), id: ID });

    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it.each([
    '',
    'nonsense',
    word('created_at  2026-03-02T08:00:00.000Z'),
    word('created_at  2026-03-02T08:00:00.000Z not-an-id'),
    word(`created_at  2026-03-02T08:00:00.000Z ${'-'.repeat(36)}`),
    word(`created_at  2026-13-02T08:00:00.000Z ${ID}`),
    word(`created_at  yesterday ${ID}`),
    word(`meta  2026-03-02T08:00:00.000Z ${ID}`),
    word(`created_at  2026-03-02T08:00:00.000Z ${ID}' OR true`),
  ])('that was not given out here is refused: %s', (cursor) => {
    expect(() => decodeCursor(cursor, 'created_at')).toThrow(BrokerError);
    expect(() => decodeCursor(cursor, 'created_at')).toThrow('cursor: is not one that was given out here.');
  });

  it('that belongs to a list in another order is refused', () => {
    const cursor = encodeCursor({ sortedBy: 'status', value: 'resolved', createdAt: new Date(), id: ID });

    expect(() => decodeCursor(cursor, 'severity')).toThrow('cursor: belongs to a list in another order.');
  });
});
