import { axeViolations, visitor } from '../support/browser.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

describe("the responder's page in a browser", () => {
  let world: World;
  let link: string;

  beforeAll(async () => {
    world = await World.start({ seed: house([{ id: 'guard' }]) });
  });

  beforeEach(async () => {
    world.clock.advance(60);
    const { alarm_id: alarmId } = (await world.press(KEY).expect(200)).body as { alarm_id: string };
    const { ack_token: token } = (await world.get(`/v1/alarms/${alarmId}`)).body as { ack_token: string };
    link = `${world.url}/a/${token}`;
  });

  afterAll(() => world.stop());

  it('is answered with one tap, without JavaScript', async () => {
    const page = await (await visitor({ javaScriptEnabled: false })).newPage();
    await page.goto(link);
    await page.getByRole('button', { name: 'I take care of it' }).tap();
    await page.getByText('Acknowledged').waitFor();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds wrong in %s', async (colorScheme) => {
    const page = await (await visitor({ colorScheme })).newPage();
    await page.goto(link);
    expect(await axeViolations(page)).toEqual([]);
  });
});
