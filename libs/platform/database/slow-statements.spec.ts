import { LineBudget, withoutValues } from './slow-statements.ts';

describe('SQL in a log line', () => {
  it.each([
    ["SELECT 'a token', 'it''s one' FROM t", 'SELECT ?, ? FROM t'],
    [
      'SELECT 1, -2.5, t1.c2 FROM t1 WHERE "n3" = $1 LIMIT 10',
      'SELECT ?, -?, t1.c2 FROM t1 WHERE "n3" = $1 LIMIT ?',
    ],
    ['SELECT\n  a -- of 17\n FROM   b', 'SELECT a FROM b'],
    ['DO $body$ secret $body$ LANGUAGE plpgsql', 'DO ? LANGUAGE plpgsql'],
    ["SELECT 'a--b secret', 1 -- it's\n, 'another'", 'SELECT ?, ? , ?'],
    ["SELECT /* it's */ 'x' FROM \"it's\" WHERE a = 'never ended", 'SELECT ? FROM "it\'s" WHERE a = ?'],
    ['', ''],
  ])('names no value: %j', (sql, line) => {
    expect(withoutValues(sql)).toBe(line);
  });

  it('is not endless', () => {
    expect(withoutValues(`SELECT ${'column, '.repeat(200)}`)).toHaveLength(300);
  });
});

it('tells of a few statements a second, and of how many it did not', () => {
  const lines = new LineBudget();
  const told = Array.from({ length: 25 }, () => lines.take(1500));

  expect(told.filter((withheld) => withheld !== undefined)).toEqual(Array<number>(10).fill(0));
  expect([lines.take(2000), lines.take(2001)]).toEqual([15, 0]);
});
