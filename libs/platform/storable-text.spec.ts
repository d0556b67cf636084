import { cleanLine, isStorable } from './storable-text.ts';

describe('text for PostgreSQL', () => {
  it.each(['', 'Ärger im Büro', '😀', 'two\nlines', '<b>'])('is stored as it is: %j', (text) => {
    expect(isStorable(text)).toBe(true);
  });

  it.each(['a\0b', '\0', 'half a face \ud83d', '\ude00 other half'])('cannot be %j', (text) => {
    expect(isStorable(text)).toBe(false);
  });
});

describe('a clean line', () => {
  it.each([
    ['  Ada \r\n', 'Ada'],
    ['A\0d\ta\u007f', 'Ada'],
    ['Ärger 😀', 'Ärger 😀'],
    ['\ud83d', ''],
  ])('of %j is %j', (text, line) => {
    expect(cleanLine(text, 100)).toBe(line);
  });

  it('has something in the place of what was taken out, if so wished', () => {
    expect(cleanLine('one\ntwo', 100, ' ')).toBe('one two');
  });

  it('is cut to its length, but not through the middle of a character', () => {
    expect(cleanLine('abcdef', 3)).toBe('abc');
    expect(cleanLine('ab😀', 3)).toBe('ab');
  });

  it('can always be stored', () => {
    expect(isStorable(cleanLine('\0\ud83d\n😀 a\udc00', 4))).toBe(true);
  });
});
