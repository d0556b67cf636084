import fc from 'fast-check';

import { BrokerError } from '../errors/broker-error.ts';
import { entityTag, Precondition } from './etag.ts';

const NOW = entityTag(3);
const met = (ifMatch: string | undefined, tag: string | undefined) =>
  Precondition.of({ ifMatch }).isMetBy(tag);

describe('an entity tag', () => {
  it('is a quoted word that differs by version', () => {
    expect(entityTag(3)).toBe('"3"');
    expect(entityTag(4)).not.toBe(entityTag(3));
  });

  it('tells a thing from an earlier one of the same name', () => {
    const tags = [entityTag(1), entityTag(1, new Date(1)), entityTag(1, new Date(2))];

    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(met(tag, tag)).toBe(true);
  });
});

describe('If-Match', () => {
  it.each([
    ['the same tag', '"3"'],
    ['one of several', '"1", "3"'],
    ['one of several without spaces', '"1","3","7"'],
    ['empty elements between', ' , "1",, "3" ,'],
    ['tags that contain commas', '"a,b", "3"'],
    ['anything at all', ' * '],
  ])('is met by %s', (_what, header) => {
    expect(met(header, NOW)).toBe(true);
  });

  it.each([
    ['another tag', '"2"'],
    ['a tag that begins alike', '"33"'],
    ['a weak tag, which promises too little', 'W/"3"'],
    ['an empty tag', '""'],
  ])('is not met by %s', (_what, header) => {
    expect(met(header, NOW)).toBe(false);
  });

  it.each(['"3"', '*'])('is not met where there is nothing (%s)', (header) => {
    expect(met(header, undefined)).toBe(false);
  });

  it('that is not sent asks for nothing', () => {
    expect(met(undefined, NOW)).toBe(true);
    expect(met(undefined, undefined)).toBe(true);
    expect(Precondition.NONE.isMetBy(NOW)).toBe(true);
  });
});

describe('If-None-Match', () => {
  const free = (ifNoneMatch: string, tag: string | undefined) =>
    Precondition.of({ ifNoneMatch }).isMetBy(tag);

  it('with * is met only where there is nothing', () => {
    expect(free('*', undefined)).toBe(true);
    expect(free('*', NOW)).toBe(false);
  });

  it('with tags is met by none of them, be they weak', () => {
    expect(free('"2", "4"', NOW)).toBe(true);
    expect(free('"3"', NOW)).toBe(false);
    expect(free('W/"3"', NOW)).toBe(false);
  });

  it('and If-Match must both be met', () => {
    const both = Precondition.of({ ifMatch: '"3"', ifNoneMatch: '"3"' });

    expect(both.isMetBy(NOW)).toBe(false);
  });
});

describe('a precondition', () => {
  const wanted = (ifMatch?: string, ifNoneMatch?: string) => Precondition.of({ ifMatch, ifNoneMatch });

  it.each([
    ['changed meanwhile', wanted('"2"'), NOW, 'The room has been changed meanwhile; read it again.'],
    ['gone', wanted('"2"'), undefined, 'There is no such room (any more).'],
    ['there already', wanted(undefined, '*'), NOW, 'There is such a room already.'],
  ])('that fails says why: %s', (_what, precondition, tag, message) => {
    expect(() => precondition.require('room', tag)).toThrow(
      expect.objectContaining({ category: 'outdated', code: 'room.outdated', message }),
    );
  });

  it.each(['', '3', '"3', '3"', '"3" "4"', '"3", 4', 'w/"3"', '*, "3"', '"a b"', ',', '"3"x', "'3'"])(
    'that is no list of tags is refused: %s',
    (header) => {
      expect(() => wanted(header)).toThrow(BrokerError);
      expect(() => wanted(undefined, header)).toThrow('If-None-Match: must be * or entity tags');
    },
  );

  it('is understood or refused, whatever is sent, and in a moment', () => {
    const pieces = fc.constantFrom('"', ',', ' ', 'W/', '*', 'a', '""', '"3"', '\t', '\x7f', 'é');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 200 }), (words) => {
        try {
          expect(typeof met(words.join(''), NOW)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ category: 'malformed', code: 'request.precondition' });
        }
      }),
    );
    const began = performance.now();
    expect(() => wanted(`${', '.repeat(50_000)}x`)).toThrow(BrokerError);
    expect(performance.now() - began).toBeLessThan(200);
  });
});
