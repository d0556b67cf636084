import { configurationFrom } from '#platform';

import { ZammadEmulator } from '../../../../test/support/emulators/zammad.ts';
import { BRIEF, failure, message, TAG, TEXTS, zammadStory } from '../../../../test/support/zammad-story.ts';
import { zammadChannel } from './zammad.channel.ts';

let zammad: ZammadEmulator;
const { channelWith, send } = zammadStory(() => zammad);

beforeEach(async () => {
  zammad = await ZammadEmulator.start();
});
afterEach(() => zammad.close());

describe('a new alarm', () => {
  it('opens a ticket as the documentation of Zammad asks for it', async () => {
    const receipt = await send(message());

    const [request] = zammad.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: '/api/v1/tickets',
      headers: {
        authorization: `Token token=${ZammadEmulator.TOKEN}`,
        'content-type': 'application/json',
        'x-request-id': 'request-17',
      },
    });
    expect(request?.json).toEqual({
      title: 'Silent alarm P0: Counter 1, floor 2, Town hall (3F2A91)',
      group: 'Notfallstelle',
      customer: 'guess:alarm@example.org',
      state: 'new',
      priority: '3 high',
      tags: `duress,silent,${TAG}`,
      article: {
        subject: 'Silent alarm P0: Counter 1, floor 2, Town hall (3F2A91)',
        body: TEXTS.of('zammad', BRIEF).body,
        type: 'note',
        internal: true,
        content_type: 'text/plain',
      },
    });
    expect(receipt).toEqual({
      externalRef: '19',
      facts: { ticket_number: '22019', ticket_url: `${zammad.url}/#ticket/zoom/19` },
    });
  });

  it.each([
    ['an alarm that may be heard', { silent: false }, `duress,${TAG}`],
    ['a simulated one', { simulated: true }, `duress,silent,simulation,${TAG}`],
  ])('is tagged for what it is: %s', async (_what, about, tags) => {
    await send(message({ about }));

    expect(zammad.tickets[0]?.tags.join(',')).toBe(tags);
  });

  it('goes to the group a target names', async () => {
    await send(message({ address: ' Leitstelle ' }));

    expect(zammad.tickets).toMatchObject([{ group: 'Leitstelle' }]);
  });

  it('takes ids where an installation used them, that of the priority for P0 alone', async () => {
    const channel = channelWith({
      ZAMMAD_STATE: 'does not matter',
      ZAMMAD_STATE_ID_NEW: '2',
      ZAMMAD_PRIORITY: '2 normal',
      ZAMMAD_PRIORITY_ID_P0: '3',
    });
    await send(message(), channel);
    await send(message({ about: { severity: 'P2' } }), channel);

    expect(zammad.tickets).toMatchObject([
      { state: 'open', priority: '3 high' },
      { state: 'open', priority: '2 normal' },
    ]);
    expect(zammad.requests[0]?.json).not.toHaveProperty('priority');
    expect(zammad.requests[0]?.json).not.toHaveProperty('state');
  });

  it('can be found by its title, whatever the texts say and however long they are', async () => {
    const texts = [{ subject: 'Stiller Alarm' }, { subject: `${'Ä'.repeat(300)} (3F2A91)` }];
    for (const text of texts) await send(message({ text: { ...TEXTS.of('zammad', BRIEF), ...text } }));

    const [short, long] = zammad.tickets.map(({ title }) => title);
    expect(short).toBe('Stiller Alarm (3F2A91)');
    expect(long).toMatch(/^Ä+… \(3F2A91\)$/);
    expect([...long!].length).toBeLessThanOrEqual(200);
  });

  it('is told on a Zammad that lives below a path', async () => {
    zammad.answerInstead({ status: 201, body: { id: 5, number: '100005' } });
    const receipt = await send(message(), channelWith({ ZAMMAD_BASE_URL: `${zammad.url}/zammad/` }));

    expect(zammad.requests[0]?.url).toBe('/zammad/api/v1/tickets');
    expect(receipt.facts?.['ticket_url']).toBe(`${zammad.url}/zammad/#ticket/zoom/5`);
  });
});

describe('what Zammad refuses is not tried again, and says what to put right', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'a bad token',
      { ZAMMAD_API_TOKEN: 'other-access-token' },
      "401 Unauthorized: Can't find User for Token.",
    ],
    [
      'an unknown group',
      { ZAMMAD_GROUP: 'Notruf' },
      `422 Unprocessable Entity: No lookup value found for 'group': "Notruf".`,
    ],
    [
      'an unknown state',
      { ZAMMAD_STATE: 'neu' },
      `422 Unprocessable Entity: No lookup value found for 'state': "neu".`,
    ],
    [
      'an unknown priority',
      { ZAMMAD_PRIORITY: '3 hoch' },
      `422 Unprocessable Entity: No lookup value found for 'priority': "3 hoch".`,
    ],
    [
      'an id that is none',
      { ZAMMAD_PRIORITY_ID_P0: '9' },
      '422 Unprocessable Entity: Error ID Ab3dE6gH: Please contact your administrator.',
    ],
    [
      'a bad customer',
      { ZAMMAD_CUSTOMER: 'someone@example.org.' },
      "422 Unprocessable Entity: Invalid email '…' of customer.",
    ],
  ])('%s', async (_what, settings, words) => {
    const error = await failure(send(message(), channelWith(settings)));

    expect(error.message).toBe(`Zammad answered ${words}`);
    expect(error.options).toEqual({ retry: 'no', reason: 'refused' });
    expect(zammad.tickets).toEqual([]);
  });

  it('a group the token may not use', async () => {
    zammad.forbiddenGroups.add('Notfallstelle');

    expect((await failure(send(message()))).message).toBe('Zammad answered 403 Forbidden: Not authorized.');
  });

  it.each([301, 404, 405])('something that is no Zammad and answers %d', async (status) => {
    zammad.answerInstead({ status, body: '<html>Not here</html>' });

    const error = await failure(send(message()));
    expect(error.message).toMatch(
      new RegExp(`^Zammad answered ${status} .*\\. Is ZAMMAD_BASE_URL right\\?$`),
    );
    expect(error.options.retry).toBe('no');
  });

  it('words that are long, broken or full of what is nobody else’s business', async () => {
    const error = `Bad\u0000 thing\r\nwith ${ZammadEmulator.TOKEN} for ada@example.org at https://x.example.org/?t=1 ${'x'.repeat(500)}`;
    zammad.answerInstead({ status: 422, body: { error } });

    const { message: words } = await failure(send(message()));
    expect(words).toMatch(
      /^Zammad answered 422 Unprocessable Entity: Bad {2}thing {2}with … for … at … x+\.$/,
    );
  });
});

describe('what may pass is tried again', () => {
  it.each([
    [429, 'limited', { 'retry-after': '30' }, 30],
    [408, 'limited', {}, undefined],
    [503, 'server-error', { 'retry-after': '5' }, 5],
    [500, 'server-error', {}, undefined],
  ])('an answer %d', async (status, reason, headers, retryAfterSeconds) => {
    zammad.answerInstead({ status, headers });

    expect((await failure(send(message()))).options).toEqual({ retry: 'yes', reason, retryAfterSeconds });
  });

  it('nobody there', async () => {
    await zammad.close();
    const attempt = failure(send(message()));

    expect((await attempt).options).toEqual({ retry: 'yes', reason: 'network' });
    await zammad.up();
  });

  it('no answer in time, so that nobody knows', async () => {
    zammad.answerInstead('hang');

    expect((await failure(send(message(), undefined, 150))).options).toEqual({
      retry: 'ambiguous',
      reason: 'timeout',
    });
  });

  it.each([
    ['without an id', { status: 201, body: { number: '1' } }],
    ['with an id that is none', { status: 201, body: { id: '19' } }],
    ['that is no JSON', { status: 200, body: '<html>Please log in</html>' }],
    ['that is empty', { status: 204, body: '' }],
  ])('success %s, which may have been none', async (_what, answer) => {
    zammad.answerInstead(answer);

    expect((await failure(send(message()))).options).toEqual({
      retry: 'ambiguous',
      reason: 'malformed-answer',
    });
  });
});

describe('without ZAMMAD_BASE_URL', () => {
  it('says of each message that nobody set it up', async () => {
    const channel = zammadChannel(configurationFrom({}).settings);

    expect((await failure(send(message(), channel))).options).toEqual({
      retry: 'no',
      reason: 'not-configured',
    });
    expect(channel.probe).toBeUndefined();
  });
});
