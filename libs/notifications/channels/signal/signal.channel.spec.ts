import { Logger } from '@nestjs/common';

import { readSettings } from '#platform';

import { channelMessage, sendFailure } from '../../../../test/support/channel-message.ts';
import { groupOf, SignalCli, type SignalCliWishes } from '../../../../test/support/emulators/signal.ts';
import type { ChannelMessage } from '../notification-channel.ts';
import { signalChannel } from './signal.channel.ts';

const NUMBER = '+4930111222';
const GUARD = '+491701234567';
const INTERNAL = Buffer.from('a group of thirty-two bytes long').toString('base64');

let server: SignalCli;

const start = async (wishes: SignalCliWishes = {}) => {
  await server?.close();
  server = await SignalCli.start({ groups: [INTERNAL], ...wishes });
};
const channel = (settings: Readonly<Record<string, string>> = {}) =>
  signalChannel(
    readSettings({
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: `${server.url}/`,
      SIGNAL_NUMBER: NUMBER,
      ...settings,
    }),
  );
const toGuard = (wishes: Partial<ChannelMessage> = {}) => channelMessage({ address: GUARD, ...wishes });
const send = (message: ChannelMessage, settings = {}) =>
  channel(settings).send(message, new AbortController().signal);
/** How a send failed; its words are stored and shown. */
const failure = async (message = toGuard(), signal?: AbortSignal) => {
  const error = await sendFailure(channel(), message, signal);
  expect(error.message).not.toMatch(/\d{5}|127\.0\.0\.1|group\.|:\/\//);
  return error;
};

// What is logged belongs to the stories, where it is read.
beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => start());
afterAll(() => server.close());

it('is skipped where nobody set it up', async () => {
  const error = await sendFailure(signalChannel(readSettings({})), toGuard());

  expect(error.options).toEqual({ retry: 'no', reason: 'not-configured' });
});

describe('a Signal message', () => {
  it('goes from the number to one recipient, as plain text, and is known by its time', async () => {
    const receipt = await send(toGuard({ requestId: 'request-1' }));

    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        url: '/v2/send',
        headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
        json: {
          number: NUMBER,
          recipients: [GUARD],
          message: 'Silent alarm P0\nWhere: Büro 1\nAcknowledge: https://alarms.example/a/token',
          text_mode: 'normal',
        },
      },
    ]);
    expect(receipt).toEqual({ externalRef: String(server.sent[0]?.timestamp) });
  });

  it.each(['group.', ''])('goes to a group, named with %j or without', async (prefix) => {
    const address = prefix === '' ? INTERNAL : groupOf(INTERNAL);
    await send(channelMessage({ address }));
    await send(channelMessage(), { SIGNAL_TARGET_GROUP_ID: address });

    expect(server.sent.map(({ recipient }) => recipient)).toEqual([groupOf(INTERNAL), groupOf(INTERNAL)]);
  });

  it('prefers the address of the target to the configured group', async () => {
    await send(toGuard(), { SIGNAL_TARGET_GROUP_ID: INTERNAL });

    expect(server.sent[0]?.recipient).toBe(GUARD);
  });

  it('goes by another path where the server is behind one', async () => {
    server.answer({ status: 201, body: { timestamp: '17' } });
    const error = await sendFailure(channel({ SIGNAL_SEND_PATH: '/signal/v2/send' }), toGuard());

    expect(server.requests[0]?.url).toBe('/signal/v2/send');
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });
  });

  it('without a recipient is refused before anybody is asked', async () => {
    expect((await failure(channelMessage())).options).toEqual({ retry: 'no', reason: 'refused' });
    expect(server.requests).toEqual([]);
  });
});

describe('the answer', () => {
  it('may be a list, as in releases after 0.100', async () => {
    await start({ shape: 'array' });

    expect(await send(toGuard())).toEqual({ externalRef: String(server.sent[0]?.timestamp) });
  });

  it.each([
    ['UNREGISTERED_FAILURE', 'no', 'refused'],
    ['IDENTITY_FAILURE', 'no', 'refused'],
    ['NETWORK_FAILURE', 'yes', 'network'],
    ['RATE_LIMIT_FAILURE', 'yes', 'limited'],
    ['INVALID_PRE_KEY_FAILURE', 'yes', 'network'],
  ])('is a failure although it is 201: %s', async (because, retry, reason) => {
    for (const shape of ['object', 'array'] as const) {
      await start({ shape });
      server.unreached = [{ number: GUARD, reason: because }];
      const error = await failure();

      expect(error.message).toBe(`Signal did not reach the recipient: ${because}.`);
      expect(error.options).toEqual({ retry, reason });
    }
  });

  it('shows no reason that is none', async () => {
    server.unreached = [{ number: GUARD, reason: `who is ${GUARD}?` }];

    expect((await failure()).message).toBe('Signal did not reach the recipient: UNKNOWN_FAILURE.');
  });

  it('for a group is a success with a remark where some were not reached', async () => {
    server.unreached = [
      { number: GUARD, reason: 'UNREGISTERED_FAILURE' },
      { uuid: '5f3c1a20-1111-4222-8333-abcdefabcdef', reason: 'NETWORK_FAILURE' },
      { number: '+492', reason: 'NETWORK_FAILURE' },
    ];

    expect(await send(channelMessage({ address: INTERNAL }))).toEqual({
      externalRef: String(server.sent[0]?.timestamp),
      facts: { not_reached: 3, not_reached_because: 'UNREGISTERED_FAILURE, NETWORK_FAILURE' },
    });
  });

  it.each([
    ['no object', 'created'],
    ['an empty list', []],
    ['no time', {}],
    ['a time that is none', { timestamp: 'soon' }],
    ['an empty time', [{ timestamp: '' }]],
    ['nothing', 'null'],
  ])('that is %s may be about a message that went out', async (_what, body) => {
    server.answer({ status: 201, body });

    expect((await failure()).options).toEqual({ retry: 'ambiguous', reason: 'malformed-answer' });
  });
});

describe('a refusal', () => {
  it('is told in the words of the server, without numbers', async () => {
    const error = await sendFailure(channel({ SIGNAL_NUMBER: '+4930999999' }), toGuard());

    expect(error.message).toBe('The Signal server refused it: User … is not registered.');
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });
  });

  it.each([
    ['a username nobody has', 'eva', 'The Signal server refused it: Invalid identifier …'],
    ['a group it is not in', groupOf('another'), 'The Signal server refused it: Invalid group id'],
  ])('%s', async (_what, address, words) => {
    expect((await failure(channelMessage({ address }))).message).toBe(words);
  });

  it.each([
    ['Failed to send message due to rate limiting', 'limited'],
    ['Failed to send message: NetworkFailure for "+491701234567"', 'network'],
    ['process killed as timeout reached', 'network'],
    ['Connection closed unexpectedly, reconnecting', 'network'],
  ])('that passes is tried again: %s', async (error, reason) => {
    server.answer({ status: 400, body: { error } });

    expect((await failure()).options).toEqual({ retry: 'yes', reason });
  });

  it.each([
    ['429', () => server.limit()],
    [
      'its words in the other modes',
      () => server.answer({ status: 400, body: { error: 'CAPTCHA proof required for sending to "+491"' } }),
    ],
  ])('for want of a captcha is not repeated, and may have arrived: %s', async (_what, limit) => {
    limit();

    expect((await failure()).options).toEqual({ retry: 'ambiguous', final: true, reason: 'limited' });
  });

  it.each([
    ['a text', 'no JSON'],
    ['no reason', {}],
  ])('with %s is final', async (_what, body) => {
    server.answer({ status: 400, body });
    const error = await failure();

    expect(error.message).toBe('The Signal server refused it: it gave no reason');
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });
  });

  it('by a proxy in between means what its status says', async () => {
    server.answer({ status: 502, body: 'Bad gateway' });

    expect((await failure()).options).toMatchObject({ retry: 'yes', reason: 'server-error' });
  });

  it('that never comes is waited for no longer than the time limit, and may have arrived', async () => {
    server.answer('hang');
    const time = new AbortController();
    const outcome = failure(toGuard(), time.signal);
    await server.nextSend();
    time.abort();

    expect((await outcome).options).toEqual({ retry: 'ambiguous', reason: 'timeout' });
    expect(channel().timeLimitMs).toBe(15_000);
  });
});

describe('a probe', () => {
  const findings = (settings = {}) => channel(settings).probe!(new AbortController().signal);
  const SECRET = { SIGNAL_CALLBACK_SECRET: 'sixteen-characters' };

  it('finds nothing where all is well, and sends nothing', async () => {
    expect(await findings({ ...SECRET, SIGNAL_TARGET_GROUP_ID: INTERNAL })).toEqual([]);
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  it('finds a number that is not registered', async () => {
    expect(await findings({ SIGNAL_NUMBER: '+4930999999' })).toEqual([
      'SIGNAL_NUMBER is not registered with signal-cli-rest-api.',
    ]);
  });

  it('finds a group the number is not in', async () => {
    expect(await findings({ SIGNAL_TARGET_GROUP_ID: groupOf('another') })).toEqual([
      'SIGNAL_NUMBER is in no group called SIGNAL_TARGET_GROUP_ID.',
    ]);
  });

  it.each(['normal', 'native'] as const)('finds that mode %s passes on no answers', async (mode) => {
    await start({ mode });

    expect(await findings(SECRET)).toEqual([expect.stringContaining('MODE=json-rpc')]);
    expect(await findings()).toEqual([]);
  });

  it('fails where the server cannot be reached', async () => {
    await server.close();

    await expect(findings()).rejects.toMatchObject({ options: { reason: 'network' } });
    await start();
  });
});
