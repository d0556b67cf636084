import { Histogram } from 'prom-client';

import { CHANNEL_KINDS, ChannelRegistry, type ChannelKind, type NotificationChannel } from '#notifications';
import { readSettings } from '#platform';

import { emailChannel } from '../../libs/notifications/channels/email/email.channel.ts';
import { ntfyChannel } from '../../libs/notifications/channels/ntfy/ntfy.channel.ts';
import { signalChannel } from '../../libs/notifications/channels/signal/signal.channel.ts';
import { smsChannel } from '../../libs/notifications/channels/sms/sms.channel.ts';
import { WebhookChannel } from '../../libs/notifications/channels/webhook/webhook.channel.ts';
import { zammadChannel } from '../../libs/notifications/channels/zammad/zammad.channel.ts';
import { failed, succeeded, type Outcome } from '../../libs/notifications/delivery/outcome.ts';
import { channelMessage } from '../support/channel-message.ts';
import {
  BEHAVIOURS,
  MisbehavingHttpServer,
  MisbehavingSmtpServer,
  type Behaviour,
  type MisbehavingServer,
} from '../support/emulators/misbehaving.ts';
import { TestClock } from '../support/test-clock.ts';
import { World } from '../support/world.ts';

/** How a message ends when its server always behaves in the same way, and how often the server was asked. */
type Ending = readonly [status: Outcome['status'], reason: Outcome['reason'], requests: number];
type Endings = Readonly<Record<Behaviour, Ending>>;

interface Party {
  readonly by: string;
  readonly kind: ChannelKind;
  readonly address: string;
  readonly start: () => Promise<MisbehavingServer>;
  /** The settings of a broker whose server that is. */
  readonly settings: (server: MisbehavingServer) => Readonly<Record<string, string>>;
  readonly make: (settings: ReturnType<typeof readSettings>) => NotificationChannel;
  readonly endings: Endings;
  /** It can say when it wants to be asked again, and is. */
  readonly hasRetryAfter: boolean;
  /** Of an answer that names the message: as many bytes of it are read. */
  readonly answerLimit?: number;
}

/** Of channels that try an alarm eight times, and twice what may have arrived. */
const OF_ALARMS: Endings = {
  accepted: ['sent', null, 1],
  'accepted without a name': ['sent', null, 1],
  refused: ['failed', 'refused', 1],
  'never answers': ['ambiguous', 'timeout', 2],
  'slow body': ['ambiguous', 'timeout', 2],
  'connection reset mid-answer': ['ambiguous', 'network', 2],
  limited: ['failed', 'limited', 8],
  'malformed answer': ['ambiguous', 'malformed-answer', 2],
  'huge answer': ['sent', null, 1],
};

/** Of those whose servers name what they took, by which the message is told from a page that anybody may answer. */
const OF_NAMED: Endings = {
  ...OF_ALARMS,
  'accepted without a name': ['ambiguous', 'malformed-answer', 2],
  'huge answer': ['ambiguous', 'malformed-answer', 2],
};

const RECEIPT_BYTES = 64 * 1024;

const urlOf = (server: MisbehavingServer) => `http://127.0.0.1:${server.port}`;

const PARTIES: readonly Party[] = [
  {
    by: 'an SMS gateway whose status says it all',
    kind: 'sms',
    address: '+4930111222',
    start: () => MisbehavingHttpServer.start('{"id":"sms-1"}'),
    settings: (server) => ({ SMS_PRESET: 'sendxms', SENDXMS_BASE_URL: urlOf(server) }),
    make: smsChannel,
    endings: OF_ALARMS,
    hasRetryAfter: true,
    answerLimit: RECEIPT_BYTES,
  },
  {
    by: 'an SMS gateway whose answer has to be read',
    kind: 'sms',
    address: '+4930111222',
    start: () => MisbehavingHttpServer.start('{"success":"100","messages":[{"id":"77123"}]}'),
    settings: (server) => ({
      SMS_PRESET: 'seven',
      SMS_BASE_URL: urlOf(server),
      SMS_SECRET: 'secret-of-seven',
    }),
    make: smsChannel,
    endings: OF_NAMED,
    hasRetryAfter: true,
    answerLimit: RECEIPT_BYTES,
  },
  {
    by: 'Signal',
    kind: 'signal',
    address: '+4930111222',
    start: () => MisbehavingHttpServer.start('[{"timestamp":"1772438400000"}]'),
    settings: (server) => ({
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: urlOf(server),
      SIGNAL_NUMBER: '+4930111222',
    }),
    make: signalChannel,
    // That has been seen although the message had arrived, and whoever goes on makes it worse.
    endings: { ...OF_NAMED, limited: ['ambiguous', 'limited', 1] },
    hasRetryAfter: false,
    answerLimit: RECEIPT_BYTES,
  },
  {
    by: 'Zammad',
    kind: 'zammad',
    address: 'Guards',
    // Before it opens a ticket once more it is asked whether there is one, and says no.
    start: () => MisbehavingHttpServer.start('{"id":17,"number":"31017"}', undefined, '[]'),
    settings: (server) => ({
      ZAMMAD_BASE_URL: urlOf(server),
      ZAMMAD_API_TOKEN: 'secret-of-zammad',
      ZAMMAD_GROUP: 'Guards',
      ZAMMAD_CUSTOMER: 'alarm@hall.example',
    }),
    make: zammadChannel,
    endings: OF_NAMED,
    hasRetryAfter: true,
    // Its lists are long.
    answerLimit: 4 * 1024 * 1024,
  },
  {
    by: 'ntfy',
    kind: 'ntfy',
    address: 'secret-topic',
    start: () => MisbehavingHttpServer.start('{"id":"msg000000001","event":"message"}'),
    settings: (server) => ({ NTFY_BASE_URL: urlOf(server) }),
    make: ntfyChannel,
    endings: OF_NAMED,
    hasRetryAfter: true,
    answerLimit: RECEIPT_BYTES,
  },
  {
    by: 'mail',
    kind: 'email',
    address: 'guard@example.org',
    start: () => MisbehavingSmtpServer.start(),
    settings: (server) => ({
      SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      SMTP_FROM: 'alarm@hall.example',
      SMTP_REQUIRE_TLS: 'false',
    }),
    make: emailChannel,
    // An answer without an end says neither yes nor no.
    endings: { ...OF_ALARMS, 'huge answer': ['ambiguous', 'malformed-answer', 2] },
    hasRetryAfter: false,
  },
  {
    by: 'webhook',
    kind: 'webhook',
    address: '',
    start: () => MisbehavingHttpServer.start(),
    settings: (server) => ({
      WEBHOOK_URL: `${urlOf(server)}/hook?key=secret`,
      WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
      WEBHOOK_RETRY_DELAY_SECONDS: '1',
    }),
    make: (settings) => {
      const duration = new Histogram({ name: 'd', help: 'd', labelNames: ['result'], registers: [] });
      return new WebhookChannel(settings, new TestClock(), duration);
    },
    // As often as WEBHOOK_MAX_RETRIES says, and once.
    endings: {
      ...OF_ALARMS,
      'never answers': ['ambiguous', 'timeout', 4],
      'slow body': ['ambiguous', 'timeout', 4],
      'connection reset mid-answer': ['ambiguous', 'network', 4],
      limited: ['failed', 'limited', 4],
      'malformed answer': ['ambiguous', 'malformed-answer', 4],
    },
    hasRetryAfter: true,
  },
];

/** Attempt after attempt, as the worker makes them, but without the waiting in between. */
async function tell(channel: NotificationChannel, address: string, server: MisbehavingServer) {
  const waits: number[] = [];
  for (let attempts = 1, ambiguous = 0; ; attempts += 1) {
    const time = new AbortController();
    server.onStuck = () => time.abort(new DOMException('over', 'TimeoutError'));
    const message = channelMessage({ address, attempt: attempts, mayHaveArrived: ambiguous > 0 });
    const outcome = await channel.send(message, time.signal).then(succeeded, (error: unknown) => {
      return failed(error, { attempts, ambiguous }, channel.retryPolicy);
    });
    if (outcome.status !== 'scheduled') return { outcome, waits };
    waits.push(outcome.delaySeconds);
    if (outcome.result === 'ambiguous') ambiguous += 1;
  }
}

describe.each(PARTIES)('a message by $by', ({ kind, address, start, settings, make, ...rest }) => {
  let server: MisbehavingServer;
  let channel: NotificationChannel;

  beforeEach(async () => {
    server = await start();
    channel = make(readSettings(settings(server)));
  });

  afterEach(() => server.close());

  it('has its channel, and time for an answer', () => {
    expect(channel.kind).toBe(kind);
    expect(channel.timeLimitMs).toBeGreaterThanOrEqual(1000);
    expect(channel.timeLimitMs).toBeLessThanOrEqual(30_000);
  });

  it.each(BEHAVIOURS)('ends as documented when the answer is: %s', async (behaviour) => {
    server.behaviour = behaviour;

    const { outcome, waits } = await tell(channel, address, server);
    expect([outcome.status, outcome.reason, server.requests]).toEqual(rest.endings[behaviour]);
    expect(outcome.explanation ?? '').not.toMatch(/secret|127\.0\.0\.1|:\/\/|4930111222|@/);
    if (behaviour === 'limited' && rest.hasRetryAfter) expect(waits[0]).toBe(7);
  });

  it.each(['never answers', 'slow body', 'huge answer'] as const)(
    'does not keep a connection on which there is: %s',
    async (behaviour) => {
      server.behaviour = behaviour;
      await tell(channel, address, server);
      await server.left();
    },
  );

  it('is tried again where nobody listens: nothing can have arrived', async () => {
    await server.close();

    const { outcome } = await tell(channel, address, server);
    expect(outcome).toMatchObject({ status: 'failed', result: 'failed', reason: 'network' });
    server = await start();
  });
});

it('no kind of channel is left out', () => {
  expect(new Set(PARTIES.map(({ kind }) => kind))).toEqual(new Set(CHANNEL_KINDS));
});

const NAMED = PARTIES.filter(({ answerLimit }) => answerLimit !== undefined);

it.each(NAMED)('an answer of $by is read up to its limit and no further', async (party) => {
  const server = await party.start();
  const channel = party.make(readSettings(party.settings(server)));
  const refOfAnswer = async (length: number) => {
    Object.assign(server, { minLength: length });
    return (await tell(channel, party.address, server)).outcome.externalRef;
  };

  expect(await refOfAnswer(party.answerLimit!)).not.toBeNull();
  expect(await refOfAnswer(party.answerLimit! + 1)).toBeNull();
  await server.close();
});

it('a simulated message of any kind reaches the feed and no server', async () => {
  const servers = await Promise.all(PARTIES.map(({ start }) => start()));
  const settings = PARTIES.map((party, i) => party.settings(servers[i]!));
  const world = await World.start({
    settings: { ...Object.assign({}, ...settings), SIMULATION_ENABLED: 'true' },
  });
  const channels = world.app.get(ChannelRegistry, { strict: false });

  for (const [i, server] of servers.entries()) {
    const { kind, address } = PARTIES[i]!;
    for (const behaviour of BEHAVIOURS) {
      server.behaviour = behaviour;
      const { outcome } = await tell(channels.of(kind), address, server);
      expect(outcome).toMatchObject({ status: 'sent', externalRef: expect.stringMatching(/^simulated-/) });
    }
  }
  expect(servers.map(({ connections }) => connections)).toEqual(servers.map(() => 0));
  const { body } = await world.get('/v1/simulation/status').expect(200);
  expect(body.total_notifications).toBe(PARTIES.length * BEHAVIOURS.length);
  expect(Object.keys(body.by_channel).sort()).toEqual([...CHANNEL_KINDS].sort());
  await world.stop();
  await Promise.all(servers.map((server) => server.close()));
});
