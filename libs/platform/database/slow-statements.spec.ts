import { withoutValues } from './slow-statements.ts';

describe('SQL in a log line', () => {
  it.each([
    ["SELECT 'a token', 'it''s one' FROM t", 'SELECT ?, ? FROM t'],
    [
      'SELECT 1, -2.5, t1.c2 FROM t1 WHERE "n3" = $1 LIMIT 10',
      'SELECT ?, -?, t1.c2 FROM t1 WHERE "n3" = $1 LIMIT ?',
    ],
    ['SELECT\n  a -- of 17\n FROM   b', 'SELECT a FROM b'],
    ['DO $body$ secret $body$ LANGUAGE plpgsql', 'DO ? LANGUAGE plpgsql'],
    ['', ''],
  ])('names no value: %j', (sql, line) => {
    expect(withoutValues(sql)).toBe(line);
  });

  it('is not endless', () => {
    expect(withoutValues(`SELECT ${'column, '.repeat(200)}`)).toHaveLength(300);
  });
});
