import { ZammadEmulator } from '../../../../test/support/emulators/zammad.ts';
import { failure, zammadStory } from '../../../../test/support/zammad-story.ts';

let zammad: ZammadEmulator;
const { channelWith } = zammadStory(() => zammad);

beforeEach(async () => {
  zammad = await ZammadEmulator.start();
});
afterEach(() => zammad.close());

describe('asked whether a ticket would open', () => {
  const probe = (settings: Record<string, string> = {}) =>
    channelWith(settings).probe!(AbortSignal.timeout(5000));

  it('finds nothing wrong where all is there, and leaves no trace', async () => {
    expect(await probe()).toEqual([]);
    expect(zammad.calls.toSorted()).toEqual(['GET /groups', 'GET /ticket_priorities', 'GET /ticket_states']);
  });

  it('finds everything that is not there', async () => {
    const names = { ZAMMAD_GROUP: 'Notruf', ZAMMAD_PRIORITY: '3 hoch', ZAMMAD_STATE: 'neu' };
    zammad.states.splice(3, 1);

    expect(await probe(names)).toEqual([
      'Zammad has no group called "Notruf", which ZAMMAD_GROUP needs.',
      'Zammad has no priority called "3 hoch", which ZAMMAD_PRIORITY needs.',
      'Zammad has no state called "neu", which ZAMMAD_STATE needs.',
      'Zammad has no state called "closed", which ZAMMAD_CLOSE_ON_RESOLVE needs.',
    ]);
  });

  it('finds what is not active', async () => {
    zammad.groups[1]!.active = false;

    expect(await probe()).toEqual([
      'The group called "Notfallstelle", which ZAMMAD_GROUP needs, is not active in Zammad.',
    ]);
  });

  it('compares ids where ids are set, and no state that is not used', async () => {
    const ids = { ZAMMAD_STATE: 'neu', ZAMMAD_STATE_ID_NEW: '1', ZAMMAD_PRIORITY_ID_P0: '9' };
    zammad.states.splice(3, 1);

    expect(await probe({ ...ids, ZAMMAD_CLOSE_ON_RESOLVE: 'false' })).toEqual([
      'Zammad has no priority with the id 9, which ZAMMAD_PRIORITY_ID_P0 needs.',
    ]);
  });

  it('says what it could not check', async () => {
    zammad.mayListGroups = false;

    expect(await probe()).toEqual([expect.stringContaining('Zammad lets this token list no groups')]);
  });

  it('can read a list of many groups with many members', async () => {
    const many = Array.from({ length: 400 }, (_, id) => ({
      id,
      name: `Group ${id}`,
      active: true,
      user_ids: Array.from({ length: 300 }, (_one, i) => i),
    }));
    zammad.groups.unshift(...many);

    expect(await probe()).toEqual([]);
  });

  it('fails when the token is not good', async () => {
    const error = await failure(probe({ ZAMMAD_API_TOKEN: 'other-access-token' }));

    expect(error.message).toBe("Zammad answered 401 Unauthorized: Can't find User for Token.");
  });

  it('fails where nobody listens', async () => {
    await zammad.close();

    expect((await failure(probe())).options).toEqual({ retry: 'yes', reason: 'network' });
    await zammad.up();
  });

  it('fails where something else listens', async () => {
    zammad.answerInstead(...Array(3).fill({ body: '<html>Hello</html>' }));

    expect((await failure(probe())).message).toBe(
      'What answers at ZAMMAD_BASE_URL does not speak like Zammad.',
    );
  });
});
