import { HttpReceiver } from '../support/http-receiver.ts';
import { house } from '../support/house.ts';
import { World } from '../support/world.ts';

const DESKS = 12;
const KEYS = Array.from({ length: DESKS }, (_, i) => `KEY-OF-DESK-${i}`);

const manyDesks = (controlRoom: HttpReceiver): string => {
  const webhook = { id: 'control', channel: 'webhook', address: `${controlRoom.url}/control` };
  const devices = KEYS.map((device_token, i) => ({
    ...{ id: `desk-${i}`, device_token },
    ...{ person_id: 'ada', room_id: 'counter-1' },
  }));
  return JSON.stringify({ ...(JSON.parse(house([webhook])) as object), devices });
};

/** PostgreSQL then refuses some rows of a table: what no check of ours foresaw. */
const refuse = (table: string, condition: string) => `
  CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF ${condition} THEN RAISE EXCEPTION 'not this one'; END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER refuse_some BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_some()`;

describe('those who share a transaction', () => {
  let controlRoom: HttpReceiver;
  let world: World;

  beforeEach(async () => {
    controlRoom = await HttpReceiver.start();
    world = await World.start({
      seed: manyDesks(controlRoom),
      settings: { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' },
    });
  });

  afterEach(async () => {
    await world.stop();
    await controlRoom.close();
  });

  const pressAll = () => Promise.all(KEYS.map(async (key) => (await world.press(key)).status));

  it('answer for themselves: a press that cannot be kept takes no other with it', async () => {
    await world.query(refuse('alarms', `NEW.device_id = 'desk-7'`));
    expect(await pressAll()).toEqual(KEYS.map((_, i) => (i === 7 ? 500 : 200)));
    const kept = await world.query<{ desk: string }>('SELECT device_id AS desk FROM alarms');
    expect(new Set(kept.map(({ desk }) => desk))).toEqual(
      new Set(KEYS.flatMap((_, i) => (i === 7 ? [] : [`desk-${i}`]))),
    );
    await world.settle();
    expect(controlRoom.count()).toBe(DESKS - 1);
  });

  it('are written down each for itself: a result that cannot be kept leaves the others as they were', async () => {
    await world.query(
      refuse(
        'notification_attempts',
        `(SELECT device_id FROM alarms JOIN notifications n ON n.alarm_id = alarms.id WHERE n.id = NEW.notification_id) = 'desk-7'`,
      ),
    );
    expect(await pressAll()).toEqual(KEYS.map(() => 200));
    await world.settle();
    const states = await world.query<{ desk: string; status: string }>(
      `SELECT device_id AS desk, n.status FROM notifications n JOIN alarms ON alarms.id = n.alarm_id`,
    );
    expect(Object.fromEntries(states.map(({ desk, status }) => [desk, status]))).toEqual(
      Object.fromEntries(KEYS.map((_, i) => [`desk-${i}`, i === 7 ? 'sending' : 'sent'])),
    );
  });
});
