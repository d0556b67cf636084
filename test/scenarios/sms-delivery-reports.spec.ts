import { DeliveryReports, DeliveryResults, type DeliveryReport, type DeliveryResult } from '#notifications';
import { Sweeper } from '#platform';

import { house, KEY } from '../support/house.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

let gateway: HttpReceiver;
let world: World;
let alarmId: string;
let ref: string;
let count = 0;
const told: DeliveryResult[] = [];

beforeAll(async () => {
  gateway = await HttpReceiver.start();
  world = await World.start({ settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url } });
  await world.seed(house([{ id: 'guard' }]));
  world.app.get(DeliveryResults).listen(async (result) => void told.push(result));
});
afterAll(async () => {
  await world.stop();
  await gateway.close();
});

beforeEach(() => {
  ref = `msg-${(count += 1)}`;
  gateway.answer({ body: { id: ref } });
  told.length = 0;
  logLines.clear();
});
afterEach(async () => {
  await world.post(`/v1/alarms/${alarmId}/cancel`);
});

const press = async () => {
  world.clock.advance(60);
  alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
};
const sent = async () => {
  await press();
  await world.settle();
};
const report = (status: DeliveryReport['status'], more: Partial<DeliveryReport> = {}) =>
  world.app.get(DeliveryReports).apply({ channel: 'sms', externalRef: ref, status, ...more });
const state = async () => (await world.notifications(alarmId))[0];
const news = async () => (await world.timeline(alarmId)).filter((type) => type.startsWith('notification.'));
const reports = (result: string) =>
  world.metric('alarm_broker_delivery_reports_total', { channel: 'sms', result });
const earlyReports = () => world.query('SELECT external_ref FROM early_reports');

describe('a report that a message was delivered', () => {
  it('is told once, however often it comes', async () => {
    const before = { delivered: await reports('delivered'), repeated: await reports('repeated') };
    await sent();
    await report('delivered');
    await report('delivered');

    expect(await state()).toMatchObject({ status: 'delivered', reason: null });
    expect(await news()).toEqual(['notification.sent', 'notification.delivered']);
    expect(await reports('delivered')).toBe(before.delivered + 1);
    expect(await reports('repeated')).toBe(before.repeated + 1);
    expect(told.map(({ status }) => status)).toEqual(['sent', 'delivered']);
  });

  it('is the last word: a failure that comes after it is not believed', async () => {
    await sent();
    await report('delivered');
    await report('failed', { reason: 'Too late' });

    expect(await state()).toMatchObject({ status: 'delivered', reason: null });
    expect(logLines.at('error')).toEqual([]);
  });

  it('is shown to those who read the alarm', async () => {
    await sent();
    await report('delivered');

    const { body } = await world.get(`/v1/alarms/${alarmId}/notifications`).expect(200);
    expect(body).toEqual([expect.objectContaining({ status: 'delivered', external_ref: ref })]);
  });
});

describe('a report that a message failed', () => {
  it('stands on the timeline, calls somebody and is told to the rooms above', async () => {
    await sent();
    await report('failed', { reason: 'Unknown\u0007 subscriber' });

    expect(await state()).toMatchObject({ status: 'failed', reason: 'Unknown subscriber' });
    expect(await news()).toEqual(['notification.sent', 'notification.failed']);
    expect(logLines.at('error')).toEqual(['DeliveryReports: notification did not arrive, says its provider']);
    expect(told.at(-1)).toMatchObject({
      status: 'failed',
      reason: 'undelivered',
      alarmId,
      targetId: 'guard',
      stepNo: 0,
      externalRef: ref,
    });
  });

  it('is mended by a delivery, because providers try other ways', async () => {
    await sent();
    await report('failed');
    expect((await state())!.reason).toMatch(/not delivered/);
    await report('delivered');
    await report('failed');

    expect(await state()).toMatchObject({ status: 'delivered', reason: null });
    expect(await news()).toEqual(['notification.sent', 'notification.failed', 'notification.delivered']);
  });
});

describe('a report about a message whose send was never confirmed', () => {
  const unconfirmed = async () => {
    gateway.answer(() => 'reset');
    await sent();
    await world.advance(3);
    const row = (await state())!;
    expect(row.status).toBe('ambiguous');
    return row.id;
  };

  it('finds it by our own reference', async () => {
    const notificationId = await unconfirmed();
    await report('delivered', { notificationId });

    expect(await state()).toMatchObject({ status: 'delivered', reason: null });
    await report('failed');
    expect(await state()).toMatchObject({ status: 'delivered' });
  });

  it('does not find it by anything else', async () => {
    await unconfirmed();
    for (const notificationId of ['', 'no id', '01a20a4c-0000-7000-8000-000000000000', undefined]) {
      await report('delivered', { notificationId });
    }
    expect(await state()).toMatchObject({ status: 'ambiguous' });
    await world.query('DELETE FROM early_reports');
  });

  it('does not touch one that was confirmed under another name', async () => {
    await sent();
    const { id: notificationId } = (await state())!;
    await report('failed', { externalRef: 'of an earlier attempt', notificationId });

    expect(await state()).toMatchObject({ status: 'sent' });
    await world.query('DELETE FROM early_reports');
  });
});

describe('a report that is faster than the record of the send', () => {
  it.each(['delivered', 'failed'] as const)('is kept, and applied with the record: %s', async (status) => {
    const early = await reports('early');
    gateway.answer(async () => {
      await report(status);
      return { body: { id: ref } };
    });
    await sent();

    expect(await state()).toMatchObject({ status });
    expect(await news()).toEqual(['notification.sent', `notification.${status}`]);
    expect(told.map((result) => result.status)).toEqual(['sent', status]);
    expect(await reports('early')).toBe(early + 1);
    expect(await earlyReports()).toEqual([]);
  });

  it('keeps the better one of two', async () => {
    gateway.answer(async () => {
      await report('delivered');
      await report('failed');
      return { body: { id: ref } };
    });
    await sent();

    expect(await state()).toMatchObject({ status: 'delivered' });
  });

  it('is not lost when both are written in the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      ref = `race-${round}`;
      const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
      let reported = Promise.resolve();
      gateway.answer(() => {
        // Not waited for: it is on its way to the database while the answer is on its way to the channel.
        reported = report('delivered');
        answer();
        return { body: { id: ref } };
      });
      await press();
      await answered;
      await world.settle();
      await reported;

      expect(await state()).toMatchObject({ status: 'delivered' });
      await world.post(`/v1/alarms/${alarmId}/cancel`);
    }
    expect(await earlyReports()).toEqual([]);
  });
});

it('forgets after a day what nobody here has sent', async () => {
  await report('delivered', { externalRef: 'of somebody else' });
  world.clock.advance(23 * 3600);
  await world.app.get(Sweeper).sweepNow();
  expect(await earlyReports()).toEqual([{ external_ref: 'of somebody else' }]);

  world.clock.advance(2 * 3600);
  await world.app.get(Sweeper).sweepNow();
  expect(await earlyReports()).toEqual([]);
});

it('takes a reference of any kind and looks at it no further', async () => {
  for (const externalRef of ['', '\0', ' ', 'x'.repeat(10_000), "'; DROP TABLE notifications; --"]) {
    await report('delivered', { externalRef });
  }
  expect((await earlyReports()).length).toBe(2);
});
