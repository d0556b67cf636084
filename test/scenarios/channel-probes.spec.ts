import {
  CHANNEL_KINDS,
  ChannelError,
  ChannelProbes,
  ChannelRegistry,
  fixedRetries,
  type ChannelKind,
  type NotificationChannel,
  type Receipt,
} from '#notifications';
import { Clock, Database, Settings, Sweeper } from '#platform';

import { ChannelHealth } from '../../libs/notifications/delivery/channel-health.ts';
import { brokerWith } from '../support/broker-with.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

let server: HttpReceiver;

/** A channel to a server that says what it finds wrong, at `GET /state`. */
class CandidChannel implements NotificationChannel {
  readonly retryPolicy = fixedRetries(9, 5);

  constructor(
    readonly kind: ChannelKind,
    readonly timeLimitMs: number,
  ) {}

  async send(_message: unknown, signal: AbortSignal): Promise<Receipt> {
    await this.ask('POST', '/send', signal);
    return {};
  }

  async probe(signal: AbortSignal): Promise<string[]> {
    if (this.kind !== 'sms') return [];
    // This one does not heed the signal: whoever asks must.
    void signal;
    return (await this.ask('GET', '/state', new AbortController().signal)) as string[];
  }

  private async ask(method: string, path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await fetch(server.url + path, { method, signal }).catch(() => {
      throw new ChannelError('The connection failed.', { retry: 'yes', reason: 'network' });
    });
    if (answer.ok) return answer.json();
    const reason = answer.status < 500 ? 'refused' : 'server-error';
    throw new ChannelError(`It answered ${answer.status}.`, { retry: 'no', reason });
  }
}

describe('a channel that can be asked', () => {
  let world: World;

  const start = (timeLimitMs = 500) =>
    World.start({
      root: brokerWith(CHANNEL_KINDS.map((kind) => new CandidChannel(kind, timeLimitMs))),
      seed: house([{ id: 'guard' }]),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: server.url },
    });

  beforeEach(async () => {
    server = await HttpReceiver.start();
    server.answer({ body: [] });
  });
  afterEach(async () => {
    await world.stop();
    await server.close();
  });

  const probes = () => server.count(({ url }) => url === '/state');
  /** Lets time pass; the probes that are then due end. */
  const pass = async (seconds: number) => {
    world.clock.advance(seconds);
    await world.app.get(Sweeper).sweepNow();
    await world.app.get(ChannelProbes, { strict: false }).idle();
  };
  const told = async () => {
    const { body } = await world.get('/healthz/details').expect(200);
    return body.connectors.find((connector: { channel: string }) => connector.channel === 'sms');
  };
  const cries = () =>
    logLines.lines
      .filter(({ logger }) => /^Channel/.test(logger))
      .map(({ level, message }) => `${level}: ${message}`);

  it('is asked when the worker starts, every five minutes, and no more often while all is well', async () => {
    world = await start();
    await pass(0);
    expect(probes()).toBe(1);
    expect(await told()).toMatchObject({
      state: 'up',
      findings: [],
      checked_at: world.clock.now().toISOString(),
    });
    await pass(290);
    expect(probes()).toBe(1);
    await pass(80);
    expect(probes()).toBe(2);
    expect(cries()).toEqual([]);
  });

  it('is asked by one of many workers at a time', async () => {
    world = await start();
    const parts = [Settings, Database, Clock, ChannelRegistry, ChannelHealth, Sweeper] as const;
    const [settings, database, clock, channels, health, sweeper] = parts.map((part) =>
      world.app.get<unknown>(part as never, { strict: false }),
    ) as [Settings, Database, Clock, ChannelRegistry, ChannelHealth, Sweeper];
    const others = [1, 2, 3].map(
      () => new ChannelProbes(settings, database, clock, channels, health, sweeper),
    );
    const all = async () => {
      await Promise.all(others.map((other) => other.sweep()));
      await pass(0);
      await Promise.all(others.map((other) => other.idle()));
    };
    await all();
    expect(probes()).toBe(1);
    await pass(400);
    await all();
    expect(probes()).toBe(2);
  });

  it('has what its server finds wrong shown to operators, said once', async () => {
    server.answer({ body: ['There is no group "Guards".'] });
    world = await start();
    await pass(0);
    await pass(370);
    expect(probes()).toBe(2);
    expect(await told()).toMatchObject({ state: 'up', findings: ['There is no group "Guards".'] });
    expect(cries()).toEqual(['warning: A channel is not set up as its server needs it']);

    server.answer({ status: 401 });
    await pass(370);
    expect(await told()).toMatchObject({ state: 'up', findings: ['It answered 401.'] });
    server.answer({ body: [] });
    await pass(370);
    expect(await told()).toMatchObject({ state: 'up', findings: [] });
  });

  it('is known to be down before anybody presses a key, is asked twice a minute then, and is up again', async () => {
    server.answer({ status: 500 });
    world = await start();
    await pass(0);
    await pass(40);
    expect(await world.metric('alarm_broker_connector_up', { channel: 'sms' })).toBe(1);
    await pass(40);
    expect(probes()).toBe(3);
    expect(await told()).toMatchObject({ state: 'down', last_error: 'It answered 500.' });
    expect(await world.metric('alarm_broker_connector_up', { channel: 'sms' })).toBe(0);

    await pass(20);
    expect(probes()).toBe(3);
    server.answer({ body: [] });
    await pass(20);
    expect(await told()).toMatchObject({ state: 'up', last_error: null });
    expect(await world.metric('alarm_broker_connector_up', { channel: 'sms' })).toBe(1);
    expect(cries()).toEqual(['error: A channel is down; alarms still try it', 'info: A channel works again']);
    await pass(40);
    expect(probes()).toBe(4);
  });

  it('is up again by a probe after sends had brought it down; the alarm is told over it meanwhile', async () => {
    server.answer(({ method }) => (method === 'POST' ? { status: 500 } : { body: [] }));
    world = await start();
    await pass(0);
    // Only what may be sent again is; a server error of this server is final, so three alarms make three failures.
    const alarms: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { body } = await world.press(KEY).expect(200);
      alarms.push(body.alarm_id);
      await world.settle();
      await world.post(`/v1/alarms/${body.alarm_id}/resolve`).expect(204);
    }
    expect(await told()).toMatchObject({ state: 'down' });
    await pass(40);
    expect(await told()).toMatchObject({ state: 'up' });
    expect(await world.timeline(alarms[2]!)).toContain('channel.down');
    expect((await world.query(`SELECT FROM alarm_events WHERE type = 'channel.up'`)).length).toBe(0);
  });

  it('that never answers is given so much time and counts as one that fails', async () => {
    server.hang();
    world = await start();
    await pass(0);
    expect(await told()).toMatchObject({ state: 'unknown', last_error: 'No answer within the time limit.' });
    await pass(40);
    await pass(40);
    expect(await told()).toMatchObject({ state: 'down', last_error: 'No answer within the time limit.' });
    server.answer({ body: [] });
    await pass(40);
    expect(await told()).toMatchObject({ state: 'up', last_error: null });
  });

  it('that hangs holds up neither the start nor the stop', async () => {
    world = await start();
    server.hang();
    const other = await start(60_000);
    await other.app.get(Sweeper).sweepNow();
    await server.next(({ url }) => url === '/state');

    const began = performance.now();
    await other.stop();
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
