import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

const HOUSE = JSON.parse(
  house([{ id: 'guard' }, { id: 'control', channel: 'webhook', address: '' }]),
) as Record<string, Record<string, unknown>[]>;

/** The house in Berlin, as its people call things. */
const RATHAUS = JSON.stringify({
  ...HOUSE,
  sites: [{ id: 'hall', name: 'Rathaus Köpenick', time_zone: 'Europe/Berlin' }],
  rooms: [
    { id: 'counter-1', site_id: 'hall', label: 'Bürgeramt, Schalter 1', floor: '2' },
    { id: 'counter-2', site_id: 'hall', label: 'Kasse', floor: 'EG' },
  ],
  persons: [
    { id: 'ada', display_name: 'Änne Groß', role: 'Standesamt', phone_mobile: '+4915123456703' },
    { id: 'ben', display_name: 'Ben' },
  ],
});

describe('what receivers read', () => {
  let gateway: HttpReceiver;
  let control: HttpReceiver;
  let world: World;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'texts-'));
    gateway = await HttpReceiver.start();
    control = await HttpReceiver.start();
  });

  beforeEach(() => {
    gateway.requests.length = 0;
    control.requests.length = 0;
  });

  afterEach(() => world.stop());

  afterAll(async () => {
    await gateway.close();
    await control.close();
    await rm(folder, { recursive: true });
  });

  const settings = () => ({
    BASE_URL: 'https://alarm.example',
    SENDXMS_ENABLED: 'true',
    SENDXMS_BASE_URL: gateway.url,
    WEBHOOK_ENABLED: 'true',
    WEBHOOK_URL: control.url,
    WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
  });
  const start = async (more: Record<string, string> = {}, seed = RATHAUS) => {
    world = await World.start({ settings: { ...settings(), ...more }, seed });
  };
  const sms = () => (gateway.requests.at(-1)?.json as { message: string }).message;
  const webhook = () => (control.requests.at(-1)?.json as { data: { text: string } }).data.text;
  const linkOf = async (alarmId: string) =>
    `https://alarm.example/a/${(await world.get(`/v1/alarms/${alarmId}`)).body.ack_token}`;
  const numberOf = (alarmId: string) => alarmId.slice(-6).toUpperCase();
  const pressed = async (query: object = {}) => {
    const { body } = await world.press(KEY).query(query).expect(200);
    await world.settle();
    return body.alarm_id as string;
  };

  it('in a German house is German and in the time of the house', async () => {
    await start({ DEFAULT_LANGUAGE: 'de' });
    const alarmId = await pressed();

    expect(sms()).toBe(
      `STILLER ALARM P0 Bürgeramt, Schalter 1, Etage 2, Rathaus Köpenick. Änne Groß (Standesamt). 09:00:00 MEZ. ` +
        `Bitte nicht zurückrufen. Quittieren: ${await linkOf(alarmId)}`,
    );
    expect(webhook()).toBe(
      [
        `Stiller Alarm P0 (kritisch), Nummer ${numberOf(alarmId)}`,
        'Ort: Bürgeramt, Schalter 1, Etage 2, Rathaus Köpenick',
        'Person: Änne Groß (Standesamt)',
        'Zeit: 02.03.2026 09:00:00 MEZ',
        'Der Alarm ist still: Bitte nicht zurückrufen.',
        `Quittieren: ${await linkOf(alarmId)}`,
      ].join('\n'),
    );

    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva', note: 'Bin <unterwegs>.' }).expect(204);
    await world.settle();

    expect(webhook()).toMatch(
      /^Alarm \w{6} wurde von Eva quittiert \(.* MEZ\)\.\nBemerkung: Bin <unterwegs>\.\nOrt: Bürgeramt/,
    );
    expect(webhook() + sms()).not.toContain('+49');
  });

  it('shows the zone of the installation where the site has none, and stays as it was at the press', async () => {
    await start({ DEFAULT_TIME_ZONE: 'America/New_York' }, JSON.stringify(HOUSE));
    const alarmId = await pressed();
    expect(sms()).toMatch(/ \d\d:\d\d:\d\d EST\. Do not call back\. Acknowledge: https:/);

    await world
      .put('/v1/admin/sites/hall', { name: 'Hall', time_zone: 'Australia/Sydney' })
      .expect(200)
      .expect(({ body }) => expect(body.time_zone).toBe('Australia/Sydney'));
    await world.post(`/v1/alarms/${alarmId}/ack`, {}).expect(204);
    await world.settle();
    expect(webhook()).toMatch(
      /^Alarm \w{6} was acknowledged by .* EST\.\nWhere: Counter 1, floor 2, Town hall$/,
    );

    await world.press(OTHER_KEY).expect(200);
    await world.settle();
    expect(sms()).toMatch(/ \d\d:\d\d:\d\d AEDT\. /);
    await world.post('/v1/alarms', { room_id: 'counter-1' }).expect(201);
    await world.settle();
    expect(sms()).toMatch(/^SILENT ALARM P0 Counter 1, floor 2, Hall\. \d\d:\d\d:\d\d AEDT\. /);
  });

  it('says of a drill by every door that it is one, and of nothing else', async () => {
    await start({ DEFAULT_LANGUAGE: 'de' });
    const alarmId = await pressed({ event: 'alarm.drill' });
    expect(sms()).toMatch(/^ÜBUNG - kein echter Alarm\. STILLER ALARM P0 /);
    expect(webhook()).toMatch(/^ÜBUNG - kein echter Alarm\.\nStiller Alarm /);
    await world.post(`/v1/alarms/${alarmId}/cancel`).expect(204);
    await world.settle();
    expect(webhook()).toMatch(/^ÜBUNG - kein echter Alarm\.\nAlarm \w{6} wurde.* als Fehlalarm aufgehoben/);

    await world.post('/v1/alarms', { room_id: 'counter-2', event: 'alarm.test' }).expect(201);
    await world.settle();
    expect(sms()).toMatch(/^ÜBUNG - kein echter Alarm\. STILLER ALARM P0 Kasse, EG, /);

    await world.post('/v1/alarms', { room_id: 'counter-2', event: 'alarm.drilling' }).expect(201);
    await world.settle();
    expect(sms()).toMatch(/^STILLER ALARM P0 Kasse, EG, /);
  });

  it('is what the file of the operator says, and never nothing', async () => {
    const file = join(folder, 'texts.yaml');
    await writeFile(
      file,
      `de:
        sms:
          alert:
            short: "{% if person == 'Ben' %}{% else %}Zu {{ person }}, {{ room }}! {{ link }}{% endif %}"`,
    );
    await start({ DEFAULT_LANGUAGE: 'de', TEMPLATES_FILE: file });
    const alarmId = await pressed();
    expect(sms()).toBe(`Zu Änne Groß, Bürgeramt, Schalter 1! ${await linkOf(alarmId)}`);
    expect(logLines.at('error')).toEqual([]);

    await world.press(OTHER_KEY).expect(200);
    await world.settle();
    expect(sms()).toMatch(/^STILLER ALARM P0 Kasse, EG, Rathaus Köpenick\. Ben\. /);
    expect(logLines.at('error')).toEqual([
      'MessageTexts: A text of TEMPLATES_FILE failed; the bundled one was sent',
    ]);
  });
});
