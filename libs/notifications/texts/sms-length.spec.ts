import { shortened, smsLength } from './sms-length.ts';

describe('the length of an SMS', () => {
  it.each([
    ['Town hall', 9],
    ['äöüÄÖÜß', 7],
    ['{€}', 6],
    ['', 0],
    // Written as "Krakow", "Omsk".
    ['Kraków', 6],
    ['Омск', 4],
    // Written as an empty text, but not nothing either.
    ['\u200B', 1],
  ])('of %p is %i letters', (text, length) => {
    expect(smsLength(text)).toBe(length);
  });

  it('counts what a letter will be written with', () => {
    expect(smsLength('北')).toBeGreaterThan(1);
    expect(smsLength('😀')).toBeGreaterThan(1);
  });
});

describe('a shortened name', () => {
  it.each([
    ['Town hall', 9, 'Town hall'],
    ['Town hall', 8, 'Town...'],
    ['Bürgerbüro', 8, 'Bürge...'],
    ['{{{{{{', 9, '{{{...'],
    ['😀😀😀', 3, '...'],
  ])('%p to %i is %p', (name, limit, expected) => {
    expect(shortened(name, limit)).toBe(expected);
    expect(smsLength(shortened(name, limit))).toBeLessThanOrEqual(limit);
  });
});
