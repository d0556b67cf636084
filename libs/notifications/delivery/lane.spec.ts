import { setImmediate as turn } from 'node:timers/promises';

import { Lane } from './lane.ts';

/** A lane whose claims and sends end when the test says so. */
function laneOf(width: number, claimed = (ids: readonly string[]): readonly string[] => ids) {
  const asked: string[][] = [];
  const sending = new Map<string, () => void>();
  const sent: string[] = [];
  let most = 0;
  let gate = Promise.resolve();
  let recorded = Promise.resolve();
  const lane = new Lane<string>(
    width,
    async (ids) => {
      asked.push([...ids]);
      await gate;
      return claimed(ids);
    },
    async (id, over) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      sending.set(id, resolve);
      most = Math.max(most, sending.size);
      await promise;
      sending.delete(id);
      over();
      await recorded;
      sent.push(id);
    },
  );
  return {
    lane,
    asked,
    sent,
    most: () => most,
    sending: () => [...sending.keys()],
    /** From now on claims wait; the function returned lets them go on. */
    holdClaims: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    /** From now on nothing is written down; the function returned lets that go on. */
    holdRecords: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      recorded = promise;
      return resolve;
    },
    async finish(id: string) {
      sending.get(id)?.();
      await turn();
    },
  };
}
const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i));

describe('a lane', () => {
  it('sends as many at once as it is wide, and the next when one is done', async () => {
    const { lane, sending, finish } = laneOf(2);
    lane.offer(['a', 'b', 'c', 'd']);
    await turn();
    expect(sending()).toEqual(['a', 'b']);

    await finish('b');
    expect(sending()).toEqual(['a', 'c']);
  });

  it('claims only what it has room to send', async () => {
    const { lane, asked, finish } = laneOf(2);
    lane.offer(['a', 'b', 'c', 'd']);
    await turn();
    await finish('a');

    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  it('loses nothing and is never wider, however much is offered in between', async () => {
    const { lane, sent, sending, most, finish } = laneOf(3);
    for (const id of numbers(50)) {
      lane.offer([id, `${id}'`]);
      await finish(sending().at(-1) ?? 'nobody yet');
    }
    for (let [first] = sending(); first !== undefined; [first] = sending()) await finish(first);

    expect(sent.toSorted()).toEqual(
      numbers(50)
        .flatMap((id) => [id, `${id}'`])
        .sort(),
    );
    expect(most()).toBe(3);
    expect(lane.isBusy).toBe(false);
  });

  it('goes on with the others when somebody else had what it asked for', async () => {
    const { lane, sending, asked } = laneOf(2, (ids) => ids.filter((id) => id > 'c'));
    lane.offer(['a', 'b', 'c', 'd', 'e', 'f']);
    await turn();

    expect(sending()).toEqual(['d', 'e']);
    expect(asked).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('counts what it did not have to wait for already', () => {
    const { lane, holdClaims } = laneOf(1);
    holdClaims();
    expect(lane.offer(['a'])).toBe(1); // on its way to be claimed
    expect(lane.offer(['b', 'b', 'c'])).toBe(2);
    expect(lane.offer(['b', 'c', 'd'])).toBe(1);
    expect(lane.isBusy).toBe(true);
  });

  it('gives a place on as soon as a send is over, whether or not that is written down', async () => {
    const { lane, sending, sent, finish, holdRecords } = laneOf(2);
    const record = holdRecords();
    lane.offer(['a', 'b', 'c']);
    await turn();
    await finish('a');
    await turn();
    expect([sending(), sent]).toEqual([['b', 'c'], []]);
    record();
    await turn();
    expect(sent).toEqual(['a']);
  });

  it('sends nothing more when too much of it is not written down, and goes on when it is', async () => {
    const { lane, sending, finish, holdRecords } = laneOf(1);
    const record = holdRecords();
    lane.offer(numbers(300));
    for (let n = 0; n < 300; n += 1) {
      await turn();
      await finish(String(n));
    }
    expect(sending()).toEqual([]);
    record();
    await turn();
    await turn();
    expect(sending()).toEqual(['200']);
  });

  it('forgets what is too much to wait for', () => {
    const { lane, holdClaims } = laneOf(1);
    holdClaims();
    lane.offer(['first']);

    expect(lane.offer(numbers(60_000))).toBe(50_000);
  });

  it('is idle when everything offered is done, and not before', async () => {
    const { lane, sent, finish } = laneOf(1);
    lane.offer(['a', 'b']);
    const idle = lane.idle().then(() => sent.push('idle'));
    await turn();
    await finish('a');
    await finish('b');
    await idle;

    expect(sent).toEqual(['a', 'b', 'idle']);
  });

  it('closes when the sends under way are done, and starts nothing more', async () => {
    const { lane, sent, finish } = laneOf(1);
    lane.offer(['a', 'b']);
    await turn();
    const closed = lane.close().then(() => sent.push('closed'));
    expect(lane.offer(['c'])).toBe(0);
    await finish('a');
    await closed;
    await turn();

    expect(sent).toEqual(['a', 'closed']);
  });

  it('still sends what it was claiming when it was closed: nobody else would', async () => {
    const { lane, sent, sending, finish, holdClaims } = laneOf(2);
    const letGo = holdClaims();
    lane.offer(['a', 'b', 'c']);
    const closed = lane.close();
    letGo();
    await turn();
    expect(sending()).toEqual(['a', 'b']);

    await finish('a');
    await finish('b');
    await closed;
    expect(sent).toEqual(['a', 'b']);
  });
});
