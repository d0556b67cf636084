import type { BrowserContextOptions, Page } from 'playwright-core';

import { axeViolations, DESK, NARROWEST, PHONE, visitor } from '../support/browser.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

describe("the responder's page in a browser", () => {
  let world: World;
  let alarmId: string;
  let link: string;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'Guard' }, { id: 'Manager', after: 60 }]),
      settings: { RATE_LIMIT_PER_MINUTE: '1000' },
    });
  });

  beforeEach(() => press());
  afterEach(() => world.post(`/v1/alarms/${alarmId}/cancel`));
  afterAll(() => world.stop());

  async function press(event = 'alarm.trigger') {
    world.clock.advance(60);
    const { body } = await world.http.get('/v1/yealink/alarm').query({ token: KEY, event }).expect(200);
    alarmId = body.alarm_id;
    link = `${world.url}/a/${(await read()).ack_token}`;
  }
  const read = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const open = async (wishes: BrowserContextOptions = {}): Promise<Page> => {
    const page = await (await visitor(wishes)).newPage();
    // The story decides when it is time for the page to look again.
    if (wishes.javaScriptEnabled !== false) await page.clock.install();
    await page.goto(link);
    return page;
  };
  const lookAgain = (page: Page) => page.clock.runFor(5000);
  const button = (page: Page, name: string) => page.getByRole('button', { name });
  const isWithin = async (page: Page, selector: string) => {
    const { height } = page.viewportSize()!;
    const box = await page.locator(selector).first().boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= height;
  };
  const overflow = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it('is answered with one tap, and then leads through: on my way, there, over', async () => {
    const page = await open();
    await page.getByLabel('Your name').fill('Eva');
    await button(page, 'I take care of it').tap();
    await page.getByText('You take care of it').waitFor();
    await button(page, 'I am on my way').tap();
    await page.getByText('Eva is on the way').waitFor();
    await button(page, 'I am there').tap();
    await page.getByText('Eva is there').waitFor();
    await page.getByText('It is over', { exact: true }).tap();
    await page.getByLabel('What happened?').fill('Settled by talking.');
    await button(page, 'Close the alarm').tap();
    await page.getByText('Resolved by Eva').waitFor();

    expect(await read()).toMatchObject({
      status: 'resolved',
      resolved_by: 'Eva',
      meta: { resolve_note: 'Settled by talking.', responders: [{ state: 'on-way' }, { state: 'there' }] },
    });
  });

  it('does the same without JavaScript, and knows the name again', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByLabel('Your name').fill('Eva');
    await button(page, 'I take care of it').tap();
    await page.getByText('You take care of it').waitFor();
    await button(page, 'I am on my way').tap();
    await page.getByText('It was a false alarm').tap();
    await page.getByLabel('Pressed by mistake').tap();
    await button(page, 'Call off the alarm').tap();
    await page.getByText('Called off by Eva').waitFor();
    expect(await read()).toMatchObject({ status: 'cancelled', meta: { cancel_note: 'Pressed by mistake' } });

    await press();
    await page.goto(link);
    expect(await page.getByLabel('Your name').inputValue()).toBe('Eva');
  });

  it('is not called off without a reason', async () => {
    const page = await open();
    await button(page, 'I take care of it').tap();
    await page.getByText('It was a false alarm').tap();
    await button(page, 'Call off the alarm').tap();

    expect(await page.locator('input[name=reason]:invalid').count()).toBeGreaterThan(0);
    expect((await read()).status).toBe('acknowledged');
  });

  it('tells four of five people who was faster', async () => {
    const pages = await Promise.all(Array.from({ length: 5 }, () => open({ javaScriptEnabled: false })));
    await Promise.all(pages.map((page, i) => page.getByLabel('Your name').fill(`Person ${i}`)));
    await Promise.all(pages.map((page) => button(page, 'I take care of it').click()));
    await Promise.all(pages.map((page) => page.locator('main.acknowledged').waitFor()));

    const winner: string = (await read()).acked_by;
    const said = await Promise.all(pages.map((page) => page.locator('main').innerText()));
    const count = (words: string) => said.filter((text) => text.includes(words)).length;
    expect([count('You take care of it'), count(`${winner} was faster.`)]).toEqual([1, 4]);
  });

  it('changes by itself when somebody else answers, and leaves a half-typed name alone', async () => {
    const [waiting, typing] = await Promise.all([open(), open()]);
    await typing.getByLabel('Your name').fill('To');
    await world.post(`/v1/alarms/${alarmId}/ack`, { acked_by: 'Eva' }).expect(204);
    await Promise.all([waiting, typing].map(lookAgain));

    await waiting.getByText('Eva takes care of it').waitFor();
    await button(waiting, 'I am on my way').waitFor();
    await typing.getByText('Eva takes care of it').waitFor();
    expect(await typing.getByLabel('Your name').inputValue()).toBe('To');
    await button(typing, 'I take care of it').tap();
    await typing.getByText('Eva was faster. Your tap changed nothing.').waitFor();
  });

  it('counts the time on, whatever the clock of the phone says', async () => {
    const page = await open();
    await page.clock.runFor(65_000);
    expect(await page.locator('#watch').innerText()).toMatch(/^1:0[5-9]$/);
  });

  it('says when it has lost the connection, and when that is back', async () => {
    const page = await open();
    await page.route('**/a/*', (route) => route.abort());
    await lookAgain(page);
    await page.getByText('No connection.').waitFor();
    await page.unroute('**/a/*');
    await lookAgain(page);
    await page.getByText('No connection.').waitFor({ state: 'hidden' });
  });

  it('protects the next button from the second tap of a hasty finger', async () => {
    const page = await open();
    const box = (await button(page, 'I take care of it').boundingBox())!;
    const tap = () => page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await tap();
    await page.locator('main.acknowledged').waitFor({ state: 'attached' });
    await tap();
    await page.reload({ waitUntil: 'load' }).catch(() => undefined);

    expect((await read()).meta).not.toHaveProperty('responders');
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open({ viewport: DESK, hasTouch: false });
    await page.getByLabel('Your name').focus();
    await page.keyboard.type('Eva');
    await page.keyboard.press('Enter');
    await page.getByText('You take care of it').waitFor();
    await page.getByText('Add a note').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Bring a key.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Your note is saved.').waitFor();
    await page.getByText('Bring a key.').waitFor();
  });

  it('speaks German to whoever reads German', async () => {
    const page = await open({ locale: 'de-AT' });
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await button(page, 'Ich übernehme').tap();
    await page.getByText('Sie haben übernommen').waitFor();
    await button(page, 'Ich bin unterwegs').tap();
    await page.getByText('Jemand ist unterwegs').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each([PHONE, NARROWEST])('shows what matters without scrolling on %o', async (viewport) => {
    const page = await open({ viewport });
    for (const what of ['#state', '#watch', 'h1', '.where', 'time', 'button.large', 'dl details > summary'])
      expect([what, await isWithin(page, what)]).toEqual([what, true]);
    expect(await overflow(page)).toBe(0);

    await button(page, 'I take care of it').tap();
    await page.getByText('You take care of it').waitFor();
    for (const what of ['#state', '#advice', 'h1', '.where', 'button.large'])
      expect([what, await isWithin(page, what)]).toEqual([what, true]);
    expect(await overflow(page)).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe-core finds wrong in %s, in no state',
    async (colorScheme) => {
      const page = await open({ colorScheme });
      const check = async (state: string) => {
        await page.locator(`main.${state}`).waitFor();
        expect([state, await axeViolations(page)]).toEqual([state, []]);
      };
      await check('triggered');
      await button(page, 'I take care of it').tap();
      await check('acknowledged');
      for (const fold of ['It is over', 'It was a false alarm', 'Add a note']) {
        await page.locator('summary', { hasText: fold }).tap();
        await check('acknowledged');
      }
      await world.post(`/v1/alarms/${alarmId}/resolve`, { actor: 'Desk' });
      await page.reload();
      await check('resolved');
      await press('alarm.drill');
      await page.goto(link);
      await check('triggered');
      await world.post(`/v1/alarms/${alarmId}/cancel`, { actor: 'Desk' });
      await page.reload();
      await check('cancelled');
      await page.goto(`${world.url}/a/this-link-leads-nowhere`);
      await check('message');
    },
  );

  it('says of a drill that it is one, before anything else', async () => {
    await press('alarm.drill');
    const page = await open();
    expect(await page.locator('main > :first-child').innerText()).toBe('DRILL - exercise, not a real alarm.');
    expect(await page.title()).toBe('DRILL · No answer yet · Counter 1');
  });

  it('weighs little, comes from here alone, and leaves the browser nothing to complain about', async () => {
    const page = await (await visitor()).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    let bytes = 0;
    page.on('requestfinished', (request) => {
      expect(request.url()).toContain(`${world.url}/a/`);
      void request.sizes().then((sizes) => (bytes += sizes.responseBodySize + sizes.responseHeadersSize));
    });
    await page.goto(link, { waitUntil: 'networkidle' });

    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(30_000);
    expect(complaints).toEqual([]);
  });
});
