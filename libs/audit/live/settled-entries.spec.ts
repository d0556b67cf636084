import { settledEntries } from './settled-entries.ts';

const given = (numbers: readonly number[], head: number, settledUpTo = 0) =>
  settledEntries(
    numbers.map((number) => ({ seq: BigInt(number) })),
    BigInt(head),
    BigInt(settledUpTo),
  ).map(({ seq }) => Number(seq));

describe('entries that can be given out', () => {
  it.each([
    ['nothing from nothing', [], 4, 0, []],
    ['all that follow each other', [5, 6, 7], 4, 0, [5, 6, 7]],
    ['none behind a gap at the beginning', [6, 7], 4, 0, []],
    ['none behind a gap in the middle', [5, 7, 8], 4, 0, [5]],
    ['those behind a gap that stays empty', [6, 7], 4, 6, [6, 7]],
    ['those behind several such gaps, up to the next that may be filled', [6, 9, 10, 12], 4, 10, [6, 9, 10]],
    ['the one just behind what is settled', [8], 4, 7, [8]],
    ['not the one behind a gap that is settled only in part', [9], 4, 7, []],
  ])('are %s', (_what, numbers, head, settledUpTo, expected) => {
    expect(given(numbers, head, settledUpTo)).toEqual(expected);
  });

  it('hold for numbers beyond what a double can tell apart', () => {
    const seq = 2n ** 62n;
    expect(settledEntries([{ seq: seq + 2n }], seq, 0n)).toEqual([]);
    expect(settledEntries([{ seq: seq + 1n }], seq, 0n)).toHaveLength(1);
  });
});
