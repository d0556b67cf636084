import { shortId } from '#notifications';

import { PHONE, visitor } from '../support/browser.ts';
import { complaints, desk, listening, signIn } from '../support/console-desk.ts';
import { house, KEY, OTHER_KEY } from '../support/house.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { ADMIN_KEY, World } from '../support/world.ts';

describe('the board in a browser', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'guard' }, { id: 'desk' }, { id: 'chief', after: 60 }]),
      settings: { SIMULATION_ENABLED: 'true' },
    });
  });

  beforeEach(() => world.clock.advance(20));

  afterEach(async () => {
    await world.query(`UPDATE alarms SET deleted_at = now() WHERE deleted_at IS NULL`);
    expect(complaints.splice(0)).toEqual([]);
  });

  afterAll(() => world.stop());

  const press = async (key = KEY): Promise<string> => (await world.press(key).expect(200)).body.alarm_id;

  const namedKey = async (name: string, role: string): Promise<string> =>
    (await world.post('/v1/admin/api-keys', { name, role }).expect(201)).body.key;

  it('shows a press by itself, and that somebody has answered it on their phone', async () => {
    const board = await desk(world.url);
    await listening(board);
    await board.getByText('No open alarms.').waitFor();

    const alarmId = await press();
    const row = board.getByRole('row', { name: 'Counter 1' });
    await row.getByText('Unanswered').waitFor();
    await row.getByText('Ada').waitFor();
    expect(await board.title()).toMatch(/^\(1\) Alarms/);
    await world.settle();
    await row.getByText('2 of 2').waitFor();

    const { ack_token: token } = (await world.get(`/v1/alarms/${alarmId}`)).body;
    const phone = await (await visitor({ viewport: PHONE })).newPage();
    await phone.goto(`${world.url}/a/${token}`);
    await phone.getByLabel(/name/i).first().fill('Eva');
    await phone.getByRole('button').first().tap();

    await row.getByText('Acknowledged').waitFor();
    await row.getByText('Eva').waitFor();
    expect(await board.title()).toMatch(/^Alarms/);
  });

  it('lets the faster of two operators win, and tells the other who that was', async () => {
    await press();
    const [first, second] = await Promise.all([
      desk(world.url, { called: 'Nora' }),
      desk(world.url, { called: 'Olaf' }),
    ]);
    for (const operator of [first, second]) {
      await operator.getByRole('button', { name: 'Acknowledge' }).first().click();
      await operator.getByRole('heading', { name: 'Acknowledge: this alarm?' }).waitFor();
    }
    await first.getByRole('button', { name: 'Acknowledge' }).click();
    await first.getByRole('status').getByText('Acknowledged.').waitFor();

    await second.getByRole('button', { name: 'Acknowledge' }).click();
    await second.getByRole('alert').getByText('Somebody was faster. Acknowledged by Nora').waitFor();
  });

  it('can be used with nothing but a keyboard', async () => {
    const alarmId = await press();
    const page = await (await visitor({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(`${world.url}/admin`);
    await page.keyboard.type(ADMIN_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Counter 1' }).waitFor();

    await page.keyboard.press('a');
    expect(new URL(page.url()).pathname).toBe('/admin');
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Acknowledge: this alarm?' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Acknowledged.').waitFor();

    expect((await world.get(`/v1/alarms/${alarmId}`)).body).toMatchObject({
      status: 'acknowledged',
      acked_by: 'admin',
    });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Counter 1' }).waitFor();
    await page.keyboard.press('?');
    await page.getByText('next alarm').waitFor();
  });

  it('answers many at once, after asking, and leaves the others alone', async () => {
    const ids = [await press(), await press(OTHER_KEY)];
    const board = await desk(world.url);
    for (const id of ids) await board.getByLabel(`, ${shortId(id)}`).check();
    await listening(board);

    world.clock.advance(20);
    const third = await press();
    await board.getByRole('row', { name: 'Counter' }).nth(2).waitFor();
    await board.getByRole('group', { name: 'Selected' }).getByRole('button', { name: 'False alarm' }).click();
    await board.getByRole('heading', { name: 'False alarm: these 2 alarms?' }).waitFor();
    await board.getByLabel('Note').fill('Exercise of the locksmith.');
    await board.getByRole('button', { name: 'False alarm (2)' }).click();
    await board.getByText('False alarm: 2.').waitFor();

    for (const id of ids) {
      const { body } = await world.get(`/v1/alarms/${id}`);
      expect(body).toMatchObject({
        status: 'cancelled',
        meta: { cancel_note: 'Exercise of the locksmith.' },
      });
    }
    expect((await world.get(`/v1/alarms/${third}`)).body.status).toBe('triggered');
  });

  it('keeps filters in its address, and finds by name, site and the end of an id', async () => {
    const [one, two] = [await press(), await press(OTHER_KEY)];
    const board = await desk(world.url);
    const shown = () =>
      board.locator('tbody tr').evaluateAll((rows) => rows.map((row) => row.dataset['key']));

    await board.getByLabel('Search').fill('counter 2');
    await board.keyboard.press('Enter');
    await board.waitForURL(/q=counter\+2/);
    expect(await shown()).toEqual([two]);

    await board.goto(`${world.url}/admin?q=${shortId(one)}`);
    expect(await shown()).toEqual([one]);
    await board.goto(`${world.url}/admin?q=Town&order=oldest`);
    expect(await shown()).toEqual([one, two]);
    await board.goto(`${world.url}/admin?show=closed`);
    await board.getByText('No alarm matches.').waitFor();
    await board.goto(`${world.url}/admin?show=nonsense&cursor=&q=${encodeURIComponent("%' OR 1=1 --")}`);
    await board.getByText('No alarm matches.').waitFor();
  });

  it('shows a viewer everything, and lets them do nothing', async () => {
    const alarmId = await press();
    const board = await desk(world.url, { key: await namedKey('gallery', 'viewer') });
    await board.getByRole('link', { name: 'Counter 1' }).waitFor();
    expect(await board.locator('main button[type="submit"]:visible').allTextContents()).toEqual(['Apply']);

    // As somebody would who writes the form themselves.
    const token = await board.locator('input[name="_token"]').first().inputValue();
    const status = await board.evaluate(
      async ([id, proof]) =>
        (
          await fetch('/admin/answers', {
            method: 'POST',
            body: new URLSearchParams({ _token: proof ?? '', alarm: id ?? '', command: 'acknowledge' }),
          })
        ).status,
      [alarmId, token],
    );
    expect(status).toBe(403);
    expect((await world.get(`/v1/alarms/${alarmId}`)).body.status).toBe('triggered');
  });

  it('says at once when the connection is lost, and catches up when it is back', async () => {
    const line = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(world.url).port) });
    const board = await desk(`http://127.0.0.1:${line.port}`);
    await listening(board);

    line.refuse(true);
    line.cut();
    await board.getByText('Connection lost.').waitFor();
    await press();
    line.refuse(false);
    await board.getByRole('row', { name: 'Counter 1' }).waitFor();
    await board.getByText('Connection lost.').waitFor({ state: 'hidden' });

    // A line that is dead without saying so: nothing ends, and nothing comes.
    line.freeze(true);
    await board.getByText('Connection lost.').waitFor();
    line.freeze(false);
    await listening(board);
    await board.close();
    await line.close();
  });

  it('says so when its session is over, and goes on after signing in again', async () => {
    const board = await desk(world.url);
    await listening(board);
    world.clock.advance(13 * 3600);
    await board.getByText('You are signed out.').waitFor();

    await board.getByRole('link', { name: 'Sign in again' }).click();
    await signIn(board, ADMIN_KEY);
    await listening(board);
  });

  it('sounds for a new alarm if it should', async () => {
    const board = await desk(world.url);
    await listening(board);
    const sound = board.getByRole('button', { name: 'Sound' });
    await sound.click();
    await board.locator('#sound[data-rung="1"]').waitFor();
    await press();
    await board.locator('#sound[data-rung="2"]').waitFor();
  });

  it('exports what it shows', async () => {
    await press();
    const board = await desk(world.url, { path: '/admin?show=triggered' });
    const [download] = await Promise.all([
      board.waitForEvent('download'),
      board.getByRole('link', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('alarms.csv');
  });
});
