import { Fields } from './fields.ts';

describe('the fields of a form', () => {
  it('are text, whatever was sent instead', () => {
    const fields = new Fields({ one: 'a', many: ['b', 'c'], nested: { d: 'e' }, number: 1 });

    expect(fields.raw('one')).toBe('a');
    expect(fields.all('many')).toEqual(['b', 'c']);
    expect(fields.raw('nested')).toBe('');
    expect(fields.raw('number')).toBe('');
    expect(new Fields(undefined).entries()).toEqual([]);
  });

  it('become one line that can be kept', () => {
    const fields = new Fields({ note: '  two\r\nlines\u0000 ', empty: ' \n ', half: '\ud83d' });

    expect(fields.line('note', 100)).toBe('two lines');
    expect(fields.line('note', 3)).toBe('two');
    expect(fields.line('empty', 100)).toBeNull();
    expect(fields.line('half', 100)).toBeNull();
  });

  it('become text that keeps its lines', () => {
    expect(new Fields({ note: 'two\r\nlines\u0007\tand a tab' }).text('note', 100)).toBe(
      'two\nlines\tand a tab',
    );
    expect(new Fields({ note: 'cut here 😀' }).text('note', 10)).toBe('cut here');
  });
});
