import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

describe('a channel', () => {
  let gateway: HttpReceiver;
  let world: World;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url },
    });
  });

  afterEach(async () => {
    await world.stop();
    await gateway.close();
  });

  const press = async (): Promise<string> => {
    const { body } = await world.press(KEY).expect(200);
    await world.settle();
    return body.alarm_id;
  };
  const isUp = () => world.metric('alarm_broker_connector_up', { channel: 'sms' });
  const told = async () => {
    const { body } = await world.get('/healthz/details').expect(200);
    return body.connectors.find((connector: { channel: string }) => connector.channel === 'sms');
  };
  const news = async (alarmId: string) =>
    world.query<{ type: string; data: object }>(
      `SELECT type, data FROM alarm_events WHERE alarm_id = $1 AND type LIKE 'channel.%' ORDER BY seq`,
      [alarmId],
    );
  const cries = () => logLines.lines.filter(({ logger }) => logger === 'ChannelHealth');

  it('is down after three failures in a row, says so once, is still tried, and says when it is back', async () => {
    expect(await told()).toMatchObject({ enabled: true, state: 'unknown', since: null });
    gateway.answer({ status: 503 });
    const alarmId = await press();
    await world.advance(3);
    expect([await isUp(), await news(alarmId), gateway.count()]).toEqual([1, [], 2]);
    expect(await told()).toMatchObject({ state: 'unknown' });

    await world.advance(6);
    const reason = 'The server answered 503 Service Unavailable.';
    expect(gateway.count()).toBe(3);
    expect(await news(alarmId)).toEqual([{ type: 'channel.down', data: { channel: 'sms', reason } }]);
    expect(await isUp()).toBe(0);
    const downSince = (await told()).since;
    expect(await told()).toMatchObject({ state: 'down', last_error: reason, since: expect.any(String) });
    expect(cries()).toEqual([
      expect.objectContaining({ level: 'error', extra: expect.objectContaining({ channel: 'sms', reason }) }),
    ]);

    await world.advance(20);
    expect(gateway.count()).toBe(4);
    gateway.answer({});
    await world.advance(40);
    expect(gateway.count()).toBe(5);
    expect(await news(alarmId)).toEqual([
      expect.objectContaining({ type: 'channel.down' }),
      { type: 'channel.up', data: { channel: 'sms', down_since: downSince } },
    ]);
    expect(await isUp()).toBe(1);
    expect(await told()).toMatchObject({ state: 'up', last_error: null });
    expect(new Date((await told()).since).getTime()).toBeGreaterThan(new Date(downSince).getTime());
    expect(cries().map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'error: A channel is down; alarms still try it',
      'info: A channel works again',
    ]);
  });

  it('is not down because of whom it may not tell, or because it asks to slow down', async () => {
    for (const status of [400, 401, 403, 404, 400, 429]) {
      gateway.answer({ status });
      const alarmId = await press();
      expect(await news(alarmId)).toEqual([]);
      await world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
    }
    expect(gateway.count()).toBeGreaterThanOrEqual(6);
    expect(await isUp()).toBe(1);
    expect(await world.query('SELECT * FROM channel_states')).toEqual([]);
  });

  it('forgets failures with the first success: only those in a row count', async () => {
    for (const status of [500, 500, 200, 500, 500, 200]) {
      gateway.answer({ status });
      const before = gateway.count();
      const alarmId = await press();
      expect(gateway.count()).toBe(before + 1);
      expect(await news(alarmId)).toEqual([]);
      await world.post(`/v1/alarms/${alarmId}/resolve`).expect(204);
    }
    expect(await told()).toMatchObject({ state: 'up', last_error: null });
    expect(cries()).toEqual([]);
  });

  it('that works leaves no trace, and a metric for each channel that is set up', async () => {
    await press();
    expect(gateway.count()).toBe(1);
    expect(await world.query('SELECT * FROM channel_states')).toEqual([]);
    expect(await told()).toMatchObject({ state: 'up', since: null, findings: [], checked_at: null });
    const { text } = await world.http.get('/metrics').expect(200);
    expect(text.match(/^alarm_broker_connector_up.*$/gm)).toEqual([
      'alarm_broker_connector_up{channel="sms"} 1',
      'alarm_broker_connector_up{channel="webhook"} 1',
    ]);
  });
});
