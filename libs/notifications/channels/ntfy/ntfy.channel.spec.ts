import { readSettings } from '#platform';

import { channelMessage, sendFailure } from '../../../../test/support/channel-message.ts';
import { NtfyServer } from '../../../../test/support/emulators/ntfy.ts';
import type { ChannelMessage } from '../notification-channel.ts';
import { cutToBytes } from './ntfy-message.ts';
import { ntfyChannel } from './ntfy.channel.ts';

const TOKEN = 'tk_of_the_broker';
const TOPIC = 'alarm-4f9c2b7e';

let server: NtfyServer;

const start = async (...tokens: string[]) => {
  await server?.close();
  server = await NtfyServer.start(...tokens);
};
const channel = (settings: Readonly<Record<string, string>> = {}) =>
  ntfyChannel(readSettings({ NTFY_BASE_URL: `${server.url}/`, NTFY_TOPIC: TOPIC, ...settings }));
const send = (message: ChannelMessage = channelMessage(), settings = {}) =>
  channel(settings).send(message, new AbortController().signal);
/** How a send failed; its words are stored and shown. */
const failure = async (message = channelMessage(), settings = {}, signal?: AbortSignal) => {
  const error = await sendFailure(channel(settings), message, signal);
  expect(error.message).not.toMatch(/tk_|alarm-4f9c|127\.0\.0\.1|:\/\//);
  return error;
};

beforeEach(() => start());
afterAll(() => server.close());

it('is skipped where nobody set it up', async () => {
  const error = await sendFailure(ntfyChannel(readSettings({})), channelMessage());

  expect(error.options).toEqual({ retry: 'no', reason: 'not-configured' });
});

describe('an ntfy message', () => {
  const LINK = channelMessage().brief.link;

  it('has a button that acknowledges and one that shows, and is known by its id', async () => {
    const receipt = await send(channelMessage({ targetLabel: 'Guard & Söhne', requestId: 'request-1' }));

    expect(receipt).toEqual({ externalRef: 'msg000000001' });
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
      },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(server.requests[0]?.json).toEqual({
      topic: TOPIC,
      title: 'Silent alarm P0: Büro 1, Town hall (12CD34)',
      message: 'Silent alarm P0\nWhere: Büro 1\nAcknowledge: https://alarms.example/a/token',
      priority: 5,
      tags: ['rotating_light'],
      click: LINK,
      actions: [
        {
          action: 'http',
          label: 'Acknowledge',
          url: LINK,
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: 'acked_by=Guard+%26+S%C3%B6hne',
          clear: true,
        },
        { action: 'view', label: 'Details', url: LINK },
      ],
    });
  });

  it('speaks German where messages do', async () => {
    await send(undefined, { DEFAULT_LANGUAGE: 'de' });

    expect(server.messages[0]?.actions.map(({ label }) => label)).toEqual(['Quittieren', 'Details']);
  });

  it.each([
    ['P0', 5],
    ['P1', 4],
    ['P2', 3],
    ['P3', 3],
    ['P9', 3],
  ])('about an alarm of severity %s has priority %d', async (severity, priority) => {
    await send(channelMessage({ brief: { severity } }));

    expect(server.messages[0]?.priority).toBe(priority);
  });

  it('of what became of an alarm acknowledges nothing', async () => {
    await send(channelMessage({ purpose: 'resolved' }));

    expect(server.messages[0]).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
    expect(server.messages[0]?.actions.map(({ action }) => action)).toEqual(['view']);
  });

  it('goes to the topic of its target, with the token', async () => {
    await start(TOKEN);
    await send(channelMessage({ address: 'of-the-guard' }), { NTFY_TOKEN: TOKEN });

    expect(server.messages[0]?.topic).toBe('of-the-guard');
  });

  it.each(['with space', 'a/b', 'ä', 'x'.repeat(65), 'https://ntfy.sh/topic'])(
    'to %j is refused before anybody is asked',
    async (address) => {
      expect((await failure(channelMessage({ address }))).options).toEqual({
        retry: 'no',
        reason: 'refused',
      });
      expect(server.requests).toEqual([]);
    },
  );

  it('without a topic is refused before anybody is asked', async () => {
    const settings = readSettings({ NTFY_BASE_URL: server.url });
    const error = await sendFailure(ntfyChannel(settings), channelMessage());

    expect(error.message).toBe('The target has no ntfy topic, and none is configured.');
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['of letters', 'x'.repeat(10_000)],
    ['of characters of four bytes', '🚨'.repeat(3000)],
    ['of what JSON has to write as six bytes', '\u0001'.repeat(5000)],
    ['of quotation marks', '"'.repeat(5000)],
  ])('longer than the server takes is cut: %s', async (_what, body) => {
    const subject = 'Ü'.repeat(4000);
    expect(await send(channelMessage({ text: { body, subject } }))).toHaveProperty('externalRef');

    const { message, title = '' } = server.messages[0]!;
    expect(message.length).toBeGreaterThan(500);
    expect(body.replaceAll('\u0001', ' ').startsWith(message)).toBe(true);
    expect(message.isWellFormed() && title.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
  });
});

describe('a text cut to bytes', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aü', 2, 'a'],
    ['aü', 3, 'aü'],
    ['🚨', 3, ''],
    ['a', 0, ''],
    ['a', -5, ''],
  ])('%j to %d is %j', (text, bytes, cut) => {
    expect(cutToBytes(text, bytes)).toBe(cut);
  });
});

describe('a refusal', () => {
  it.each([
    ['no token', {}, 'ntfy refused it: forbidden (40301).'],
    ['a wrong token', { NTFY_TOKEN: 'tk_wrong' }, 'ntfy refused it: unauthorized (40101).'],
  ])('is final and told in the words of the server: %s', async (_what, settings, words) => {
    await start(TOKEN);
    const error = await failure(undefined, settings);

    expect(error.message).toBe(words);
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });
  });

  it('of a topic the server keeps to itself', async () => {
    expect((await failure(channelMessage({ address: 'docs' }))).message).toBe(
      'ntfy refused it: invalid request: topic name is not allowed (40010).',
    );
  });

  it('by something else than ntfy means what its status says', async () => {
    server.answer({ status: 404, body: '<html>' });

    expect((await failure()).message).toBe('The server answered 404 Not Found.');
  });

  it('for a limit is tried again when the server wants it to', async () => {
    const body = { code: 42901, http: 429, error: 'limit reached: too many requests' };
    server.answer({ status: 429, body, headers: { 'retry-after': '7' } });

    expect((await failure()).options).toEqual({ retry: 'yes', reason: 'limited', retryAfterSeconds: 7 });
  });

  it('that never comes may be about a message that arrived', async () => {
    server.answer('hang');
    const time = new AbortController();
    const outcome = failure(undefined, {}, time.signal);
    await server.nextPublication();
    time.abort();

    expect((await outcome).options).toEqual({ retry: 'ambiguous', reason: 'timeout' });
  });

  it.each([
    ['a page', '<html>the web app</html>'],
    ['no id', {}],
    ['an empty id', { id: '' }],
    ['null', 'null'],
  ])('is what an answer is not that has %s: it may have arrived', async (_what, body) => {
    server.answer({ body });

    expect((await failure()).options).toEqual({ retry: 'ambiguous', reason: 'malformed-answer' });
  });
});

describe('a probe', () => {
  const findings = (settings = {}) => channel(settings).probe!(new AbortController().signal);

  it('finds nothing where all is well, and publishes nothing', async () => {
    expect(await findings()).toEqual([]);
    await start(TOKEN);
    expect(await findings({ NTFY_TOKEN: TOKEN })).toEqual([]);
    expect(server.messages).toEqual([]);
  });

  it('finds that a token is missing, or wrong', async () => {
    await start(TOKEN);

    expect(await findings()).toEqual([expect.stringContaining('set NTFY_TOKEN')]);
    expect(await findings({ NTFY_TOKEN: 'tk_wrong' })).toEqual(['The ntfy server does not know NTFY_TOKEN.']);
  });

  it('finds a server that is not well', async () => {
    server.healthy = false;

    expect(await findings()).toEqual(['The ntfy server does not call itself healthy.']);
  });

  it('fails where the server cannot be reached', async () => {
    await server.close();

    await expect(findings()).rejects.toMatchObject({ options: { reason: 'network' } });
    await start();
  });
});
