import { axeViolations, NARROWEST, visitor } from '../support/browser.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

const LONG = 'Verwaltungsgebäudeerweiterungsbau '.repeat(15).slice(0, 500);
const MARKUP = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;
const HEBREW = 'חדר ישיבות ראשי, קומה שלישית';

/** The small house, with other names in it. */
function houseOf(names: { room: string; person: string; target: string }): string {
  const seed = JSON.parse(house([{ id: 'guard' }])) as Record<string, Record<string, string>[]>;
  seed['rooms']![0]!['label'] = names.room;
  seed['persons']![0]!['display_name'] = names.person;
  seed['escalation_targets']![0]!['label'] = names.target;
  return JSON.stringify(seed);
}

describe("names on the responder's page", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'guard' }]) });
  });
  afterAll(() => world.stop());

  it.each([
    ['markup', MARKUP],
    ['500 characters', LONG],
    ['500 characters without a blank', 'x'.repeat(500)],
    ['Hebrew', HEBREW],
    ['marks that turn text around', '\u202E\u2066Room\u202D 1'],
  ])('may be made of %s', async (_what, name) => {
    await world.seed(houseOf({ room: name, person: name, target: name }));
    world.clock.advance(60);
    const { alarm_id: alarmId } = (await world.press(KEY).expect(200)).body as { alarm_id: string };
    const { ack_token: token } = (await world.get(`/v1/alarms/${alarmId}`)).body as { ack_token: string };
    const page = await (await visitor({ viewport: NARROWEST })).newPage();
    await page.goto(`${world.url}/a/${token}`);

    const fits = async () => {
      const width = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate<number>(width)).toBe(0);
      const box = (await page.locator('button.large').boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(NARROWEST.height);
      expect(await axeViolations(page)).toEqual([]);
    };
    expect(await page.locator('h1').innerText()).toBe(name.trim());
    await fits();
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'I take care of it' }).tap();
    await page.getByText('You take care of it').waitFor();
    await fits();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    await world.post(`/v1/alarms/${alarmId}/cancel`);
  });
});
