import fc from 'fast-check';

import { BrokerError } from '#platform';

import { decodeCursor, encodeCursor } from './cursor.ts';

const word = (text: string) => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('leads back to where the page ended', () => {
    const times = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

    fc.assert(
      fc.property(times, fc.uuid(), (createdAt, id) => {
        expect(decodeCursor(encodeCursor({ createdAt, id }))).toEqual({ createdAt, id });
      }),
    );
  });

  it('is a word that needs no escaping in a query', () => {
    const cursor = encodeCursor({ createdAt: new Date(), id: '019c0f3e-5a00-7000-8000-0000ab12cd34' });

    expect(encodeURIComponent(cursor)).toBe(cursor);
  });

  it.each([
    '',
    'nonsense',
    word('2026-03-02T08:00:00.000Z'),
    word('2026-03-02T08:00:00.000Z not-an-id'),
    word(`2026-03-02T08:00:00.000Z ${'-'.repeat(36)}`),
    word('2026-13-02T08:00:00.000Z 019c0f3e-5a00-7000-8000-0000ab12cd34'),
    word('yesterday 019c0f3e-5a00-7000-8000-0000ab12cd34'),
    word("2026-03-02T08:00:00.000Z 019c0f3e-5a00-7000-8000-0000ab12cd34' OR true"),
  ])('that was not given out here is refused: %s', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(BrokerError);
    expect(() => decodeCursor(cursor)).toThrow('cursor: is not one that was given out here.');
  });
});
