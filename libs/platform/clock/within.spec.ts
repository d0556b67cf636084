import { within } from './within.ts';

describe('an answer that is worth only so much waiting', () => {
  it('is given when it comes in time', async () => {
    await expect(within(60_000, Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('is nothing when it never comes', async () => {
    await expect(within(1, new Promise(() => undefined))).resolves.toBeUndefined();
  });

  it('is nothing when the question fails', async () => {
    await expect(within(60_000, Promise.reject(new Error('away')))).resolves.toBeUndefined();
  });
});
