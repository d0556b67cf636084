import { logContext, withLogContext } from './logging/log-context.ts';
import { Together } from './together.ts';

/** Rounds that end only when the story says so. */
function rounds(options: { rounds: number; most: number }) {
  const begun: { items: readonly string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const together = new Together<string, string>({
    ...options,
    nameOf: (item) => item.charAt(0),
    concernsAll: (error) => (error as Error).message === 'everything is broken',
    all: (items) =>
      new Promise((resolve, reject) => {
        begun.push({ items, end: () => resolve(items.map((item) => `${item} done`)), fail: reject });
      }),
  });
  return { together, begun };
}

const turn = () => new Promise(setImmediate);

describe('those who want the same at the same moment', () => {
  it('go at once while there is room, and together when there is none', async () => {
    const { together, begun } = rounds({ rounds: 2, most: 3 });
    const results = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((item) => together.do(item)));
    expect(begun.map(({ items }) => items)).toEqual([['a'], ['b']]);
    begun[1]?.end();
    await turn();
    expect(begun[2]?.items).toEqual(['c', 'd', 'e']);
    begun[0]?.end();
    await turn();
    expect(begun[3]?.items).toEqual(['f']);
    begun[2]?.end();
    begun[3]?.end();
    expect(await results).toEqual(['a done', 'b done', 'c done', 'd done', 'e done', 'f done']);
  });

  it('wait for whoever is called the same, and hold up nobody else', async () => {
    const { together, begun } = rounds({ rounds: 3, most: 5 });
    const results = Promise.all(['a1', 'a2', 'a3', 'b1'].map((item) => together.do(item)));
    expect(begun.map(({ items }) => items)).toEqual([['a1'], ['b1']]);
    begun[0]?.end();
    await turn();
    expect(begun[2]?.items).toEqual(['a2']);
    begun[2]?.end();
    await turn();
    expect(begun[3]?.items).toEqual(['a3']);
    begun[1]?.end();
    begun[3]?.end();
    expect(await results).toEqual(['a1 done', 'a2 done', 'a3 done', 'b1 done']);
  });

  it('are each tried alone when their round fails, so that only the guilty one fails', async () => {
    const { together, begun } = rounds({ rounds: 1, most: 5 });
    const results = Promise.allSettled(['a', 'b', 'c', 'd'].map((item) => together.do(item)));
    begun[0]?.end();
    await turn();
    begun[1]?.fail(new Error('c is broken'));
    await turn();
    expect(begun.slice(2).map(({ items }) => items)).toEqual([['b'], ['c'], ['d']]);
    begun[2]?.end();
    begun[3]?.fail(new Error('c is broken'));
    begun[4]?.end();
    expect(await results).toEqual([
      { status: 'fulfilled', value: 'a done' },
      { status: 'fulfilled', value: 'b done' },
      { status: 'rejected', reason: new Error('c is broken') },
      { status: 'fulfilled', value: 'd done' },
    ]);
  });

  it('are not tried again for what would fail for each of them, and those behind them go on', async () => {
    const { together, begun } = rounds({ rounds: 1, most: 2 });
    const results = Promise.allSettled(['a', 'b', 'c', 'd'].map((item) => together.do(item)));
    begun[0]?.end();
    await turn();
    begun[1]?.fail(new Error('everything is broken'));
    await turn();
    expect(begun[2]?.items).toEqual(['d']);
    begun[2]?.end();
    expect((await results).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
  });

  it('leave their names at the door: what they do together is logged for none of them', async () => {
    const contexts: unknown[] = [];
    const together = new Together<string, string>({
      rounds: 1,
      most: 2,
      nameOf: (item) => item,
      concernsAll: () => false,
      all: (items) => {
        contexts.push(logContext());
        return Promise.resolve(items);
      },
    });
    await withLogContext({ requestId: 'of the first' }, () => together.do('a'));
    expect(contexts).toEqual([{}]);
  });
});
