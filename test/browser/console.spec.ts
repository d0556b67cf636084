import { axeViolations, DESK, NARROWEST, visitor } from '../support/browser.ts';
import { complaints, desk, listening, overhang, signIn } from '../support/console-desk.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

const SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>"\'>';
const LONG = `Room ${'x'.repeat(495)}`;
const RIGHT_TO_LEFT = 'غرفة ٤ \u202eevil';

/** The house with names as somebody might give them who means it badly. */
function hostileHouse(): string {
  const seed = JSON.parse(house([{ id: 'guard' }, { id: 'chief', after: 60 }]));
  seed.sites[0].name = SCRIPT;
  seed.rooms[0].label = LONG;
  seed.rooms[0].floor = RIGHT_TO_LEFT;
  seed.rooms[1].label = RIGHT_TO_LEFT;
  seed.persons[0].display_name = SCRIPT;
  seed.escalation_targets[0].label = SCRIPT;
  return JSON.stringify(seed);
}

describe('the console in a browser', () => {
  let gateway: HttpReceiver;
  let world: World;
  let alarmId: string;

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      seed: house([{ id: 'guard' }, { id: 'chief', after: 60 }]),
      settings: { SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    await world.settle();
  });

  afterEach(async () => {
    await world.post(`/v1/alarms/${alarmId}/cancel`);
    expect(complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  it('turns a wrong key away, and leads a right one to where it wanted to go', async () => {
    const page = await desk(world.url, { key: 'not the key', path: `/admin/alarms/${alarmId}` });
    await page.getByRole('alert').getByText('This key is not known here').waitFor();
    expect(await page.locator('input[name="called"]').inputValue()).toBe('Nora');

    await signIn(page, ADMIN_KEY);
    await page.getByRole('heading', { name: 'Counter 1' }).waitFor();
  });

  it('loses nothing of a form whose session is over, and sends nothing unseen', async () => {
    const page = await desk(world.url, { path: `/admin/alarms/${alarmId}` });
    await page.getByLabel('New note').fill('Spoke with Ada.\nShe is <well>.');
    world.clock.advance(2 * 3600);
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByText('nothing you typed is lost').waitFor();

    await signIn(page, 'not the key');
    await page.getByRole('alert').getByText('This key is not known here').waitFor();
    await signIn(page, ADMIN_KEY);
    await page.getByRole('heading', { name: 'Not sent yet' }).waitFor();
    expect(await page.getByLabel('New note').inputValue()).toBe('Spoke with Ada.\nShe is <well>.');
    expect((await world.get(`/v1/alarms/${alarmId}/notes`)).body).toEqual([]);

    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('The note is kept.').waitFor();
    expect((await world.get(`/v1/alarms/${alarmId}/notes`)).body).toMatchObject([
      { note: 'Spoke with Ada.\nShe is <well>.' },
    ]);
  });

  it('asks again about a form from before somebody signed in anew in another window', async () => {
    const page = await desk(world.url, { path: `/admin/alarms/${alarmId}` });
    await page.getByLabel('New note').fill('Typed before.');
    const other = await page.context().newPage();
    await other.goto(`${world.url}/admin/sign-in`);
    await signIn(other, ADMIN_KEY);

    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('heading', { name: 'Not sent yet' }).waitFor();
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('Typed before.').waitFor();
  });

  it('shows the course of an alarm as it happens', async () => {
    const page = await desk(world.url, { path: `/admin/alarms/${alarmId}` });
    await listening(page);
    const step = (name: string) => page.locator('.course > li', { hasText: name });
    await step('Step 1').getByText('sent', { exact: true }).waitFor();
    await step('Step 2').getByText('in 0:').waitFor();
    await page.getByLabel('Note on the answer').fill('half a thought');

    await world.advance(60);
    await step('Step 2').getByText('sent', { exact: true }).waitFor();
    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva' }).expect(204);
    await step('Acknowledged').getByText('by Eva').waitFor();
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Note on the answer').inputValue()).toBe('half a thought');

    await page.getByRole('button', { name: 'Resolve' }).click();
    expect(await page.getByLabel('Note').inputValue()).toBe('half a thought');
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('This alarm is over.').waitFor();
  });

  it('sends once more what did not arrive', async () => {
    gateway.answer({ status: 400 });
    world.clock.advance(20);
    const { body } = await world.press(OTHER_KEY).expect(200);
    await world.settle();
    const page = await desk(world.url, { path: `/admin/alarms/${body.alarm_id}` });
    const guard = page.locator('.telling li', { hasText: 'guard' });
    await guard.getByText('failed', { exact: true }).waitFor();

    gateway.answer({ status: 200 });
    await guard.getByRole('button', { name: 'Send again to guard' }).click();
    await page.getByText('Is being sent to guard again.').waitFor();
    await world.settle();
    await guard.getByText('sent', { exact: true }).waitFor();
    await world.post(`/v1/alarms/${body.alarm_id}/cancel`).expect(204);
  });

  it('speaks German with who speaks German', async () => {
    const page = await desk(world.url, { locale: 'de-AT' });
    await page.getByRole('heading', { name: 'Alarme' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('button', { name: 'Übernehmen' }).first().click();
    await page.getByRole('heading', { name: 'Übernehmen: dieser Alarm?' }).waitFor();
  });

  it('works without scripts', async () => {
    const page = await desk(world.url, { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Acknowledge' }).first().click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged.').waitFor();
  });

  it('says so when its alarm is deleted while somebody looks at it', async () => {
    const page = await desk(world.url, { path: `/admin/alarms/${alarmId}` });
    await listening(page);
    await world.delete(`/v1/alarms/${alarmId}`).expect(204);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  });

  it('has a page for what does not exist', async () => {
    const page = await desk(world.url, { path: '/admin/alarms/01a20a4c-ea88-7c34-9b49-f2058dc1c76e' });
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.getByRole('link', { name: 'To the alarms' }).click();
    await page.getByRole('heading', { name: 'Alarms' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing on any page that axe-core finds wrong in %s',
    async (colorScheme) => {
      const outside = await (await visitor({ colorScheme, viewport: DESK })).newPage();
      await outside.goto(`${world.url}/admin/sign-in`);
      expect(await axeViolations(outside)).toEqual([]);

      const page = await desk(world.url, { colorScheme });
      await page.getByLabel('Select Counter 1').check();
      expect(await axeViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'False alarm' }).click();
      await page.getByRole('heading', { name: 'False alarm: this alarm?' }).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      for (const path of [`/admin/alarms/${alarmId}`, '/admin?show=closed', '/admin/alarms/none']) {
        await page.goto(world.url + path);
        expect({ path, violations: await axeViolations(page) }).toEqual({ path, violations: [] });
      }
    },
  );

  it('takes hostile names for names, and fits on the narrowest screen with them', async () => {
    await world.seed(hostileHouse());
    world.clock.advance(20);
    const ids = [];
    for (const key of [KEY, OTHER_KEY]) ids.push((await world.press(key).expect(200)).body.alarm_id);
    await world.settle();
    await world.post(`/v1/alarms/${ids[0]}/notes`, { note: SCRIPT + LONG, created_by: SCRIPT }).expect(201);
    await world.post(`/v1/alarms/${ids[0]}/ack`, { acked_by: SCRIPT, note: RIGHT_TO_LEFT }).expect(204);

    const page = await desk(world.url, { viewport: NARROWEST, called: SCRIPT });
    for (const path of [
      '/admin',
      ...ids.map((id) => `/admin/alarms/${id}`),
      `/admin?q=${encodeURIComponent(SCRIPT)}`,
    ]) {
      await page.goto(world.url + path);
      expect({ path, overhang: await overhang(page) }).toEqual({ path, overhang: 0 });
      expect(await page.locator('main img, main script, main [onerror]').count()).toBe(0);
    }
    expect(await page.locator('body').textContent()).toContain('<img src=x onerror="alert(1)">');
    await page.goto(`${world.url}/admin/alarms/${ids[0]}`);
    await listening(page);
    expect(await axeViolations(page)).toEqual([]);
    for (const id of ids) await world.post(`/v1/alarms/${id}/cancel`).expect(204);
  });
});
