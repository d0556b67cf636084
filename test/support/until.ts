import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is yes; for other people's processes, which tell nobody when they are done. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  { timeoutMs = 20_000 } = {},
): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`Not within ${timeoutMs} ms: ${what}.`);
    await sleep(25);
  }
}
