import { leaksIn } from './support/secret-hunt.ts';

const url = encodeURIComponent;

describe('the search for secrets', () => {
  it.each([
    ['as it is', (value: string) => value],
    ['in a URL', (value: string) => `https://x/?token=${url(value)}`],
    ['in JSON', (value: string) => JSON.stringify({ value })],
    ['in a login', (value: string) => Buffer.from(`somebody:${value}`).toString('base64')],
    ['in bytes', (value: string) => Buffer.from(value).toString('hex')],
  ])('finds a secret %s', (_how, hide) => {
    const value = 'hidden/wZ3+x9/Qk=+x';
    expect(
      leaksIn(`one line\n and ${hide(value)} in another`, { value, other: 'other/wZ3+x9/Qk=+x' }),
    ).toHaveLength(1);
  });
});
