import { patternOf, without } from './words.ts';

const WORDS = ['Kim Sommer', '+49 (0)151 2345-678'];

describe('taking a person out of what was written', () => {
  it.each([
    ['Kim Sommer has it', 'erased person has it'],
    ['told kim  sommer.', 'told erased person.'],
    ['Kim Sommerfeld', 'Kim Sommerfeld'],
    ['Joachim Sommer', 'Joachim Sommer'],
    ['call +491512345678 now', 'call erased person now'],
    ['+49 151/234 56 78', 'erased person'],
    ['+4915123456789', '+4915123456789'],
    ['nobody', 'nobody'],
  ])('%j becomes %j', (text, expected) => {
    expect(without(text, WORDS)).toBe(expected);
  });

  it('reaches into data, takes the role with the name, and leaves facts alone', () => {
    const brief = {
      id: 'Kim Sommer',
      person: 'Kim Sommer',
      role: 'Rector',
      change: { by: 'Kim Sommer', at: 1 },
    };

    expect(without([brief, null, 7], WORDS)).toEqual([
      { id: 'Kim Sommer', person: 'erased person', role: null, change: { by: 'erased person', at: 1 } },
      null,
      7,
    ]);
  });

  it('gives back what it was given when there is nothing to take out, also the second time', () => {
    const data = { by: 'Eva', targets: ['Guard'] };
    expect(without(data, WORDS)).toBe(data);
    const once = without({ by: 'Kim Sommer' }, WORDS);
    expect(without(once, WORDS)).toBe(once);
  });

  it('takes names literally', () => {
    expect(without('a.b aXb', ['a.b'])).toBe('erased person aXb');
    expect(patternOf('O*Hara (x)')).toBe('O\\*Hara\\s+\\(x\\)');
  });
});
