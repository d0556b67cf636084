import { boardAddress, boardQuery } from './board-query.ts';

describe('the address of the board', () => {
  it('is short when it shows what it shows by itself', () => {
    expect(boardAddress(boardQuery({}))).toBe('/admin');
  });

  it('says the same when it is read and written again', () => {
    const asked = {
      show: 'closed',
      severity: 'P1',
      site: 'north',
      q: 'lab & <b>',
      order: 'oldest',
      cursor: 'abc',
    };
    const address = boardAddress(boardQuery(asked));

    expect(Object.fromEntries(new URL(address, 'http://console').searchParams)).toEqual(asked);
  });

  it.each([
    { show: 'everything', severity: 'P9', order: 'sideways' },
    { show: ['open', 'all'], q: { $ne: '' }, cursor: 7 },
    { show: 'constructor', q: '\u0000\ud800' },
  ])('opens although it says what makes no sense (%j)', (asked) => {
    expect(boardQuery(asked)).toEqual(boardQuery({}));
  });
});
