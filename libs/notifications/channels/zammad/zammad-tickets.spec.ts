import { ZammadEmulator } from '../../../../test/support/emulators/zammad.ts';
import {
  BRIEF,
  failure,
  followUp,
  message,
  TAG,
  zammadStory,
} from '../../../../test/support/zammad-story.ts';
import type { ChannelMessage } from '../notification-channel.ts';

let zammad: ZammadEmulator;
const { channelWith, send } = zammadStory(() => zammad);

beforeEach(async () => {
  zammad = await ZammadEmulator.start();
});
afterEach(() => zammad.close());

describe('a ticket that may be there already', () => {
  const again = (changes: Partial<ChannelMessage> = {}) =>
    send(message({ attempt: 2, mayHaveArrived: true, ...changes }));

  beforeEach(async () => {
    zammad.loseAnswers();
    expect((await failure(send(message()))).options).toEqual({ retry: 'ambiguous', reason: 'network' });
  });

  it('is found in the database while the search index knows nothing of it', async () => {
    zammad.indexLags = true;

    expect(await again()).toEqual({
      externalRef: '19',
      facts: { ticket_number: '22019', ticket_url: `${zammad.url}/#ticket/zoom/19` },
    });
    expect(zammad.tickets).toHaveLength(1);
    const { searchParams } = new URL(zammad.requests[1]!.url, zammad.url);
    expect(Object.fromEntries(searchParams)).toEqual({
      'condition[ticket.title][operator]': 'contains',
      'condition[ticket.title][value]': '3F2A91',
      limit: '10',
      expand: 'true',
    });
  });

  it.each([
    ['where nothing can be asked of the database', { searchTrouble: 'no-conditions' }],
    ['where there is no search index', { hasSearchIndex: false }],
    ['where the search index is broken', { searchTrouble: 'no-index' }],
    ['where answers are not expanded', { expands: false }],
  ] as const)('is found %s', async (_where, trouble) => {
    Object.assign(zammad, trouble);

    expect((await again()).externalRef).toBe('19');
    expect(zammad.tickets).toHaveLength(1);
  });

  it('is found by its tag when somebody has given it another title', async () => {
    zammad.tickets[0]!.title = 'Counter 1, being looked at';

    expect((await again()).externalRef).toBe('19');
    const query = new URL(zammad.requests.at(-1)!.url, zammad.url).searchParams.get('query');
    expect(query).toBe(`tags:"${TAG}"`);
  });

  it('is not looked for at the first attempt, which has nothing to find and no time to lose', async () => {
    await send(message());

    expect(zammad.calls).toEqual(['POST /tickets', 'POST /tickets']);
  });

  it('is looked for also after a failure that was none of its making', async () => {
    expect((await again({ mayHaveArrived: false })).externalRef).toBe('19');
  });

  it('is not mistaken for that of another group or of another alarm', async () => {
    await again({ address: 'Leitstelle' });
    await again({ brief: { ...BRIEF, alarmId: BRIEF.alarmId.replace('3f2a91', 'aaaaaa') } });

    expect(zammad.tickets.map(({ group, tags }) => [group, tags.at(-1)])).toEqual([
      ['Notfallstelle', TAG],
      ['Leitstelle', TAG],
      ['Notfallstelle', 'alarm-aaaaaa'],
    ]);
  });

  it('is made again rather than not at all when it cannot be looked for', async () => {
    zammad.searchTrouble = 'broken';

    expect((await again()).externalRef).toBe('20');
  });

  it('does not hold up the alarm when looking for it takes for ever', async () => {
    zammad.searchTrouble = 'hanging';
    const began = performance.now();
    const receipt = await send(message({ attempt: 2, mayHaveArrived: true }), undefined, 8000);

    expect(receipt.externalRef).toBe('20');
    expect(performance.now() - began).toBeLessThan(5000);
  }, 10_000);
});

describe('a later step', () => {
  const step = (earlierRef: string | null, changes: Partial<ChannelMessage> = {}) =>
    send(message({ stepNo: 1, earlierRef, ...changes }), channelWith({ DEFAULT_LANGUAGE: 'en' }));

  it('is a note on the ticket there is: nobody has answered', async () => {
    await send(message());
    const receipt = await step('19');

    expect(zammad.calls).toEqual(['POST /tickets', 'POST /ticket_articles']);
    expect(zammad.requests[1]?.json).toMatchObject({ ticket_id: 19 });
    expect(zammad.tickets).toHaveLength(1);
    expect(zammad.tickets[0]!.articles[1]).toMatchObject({
      subject: 'Silent alarm P0: Counter 1, floor 2, Town hall (3F2A91) - Still unanswered',
      body: expect.stringMatching(/^Silent alarm P0 .*\n\nNobody has answered yet\. Step 2 has begun\.$/s),
      type: 'note',
      internal: true,
      content_type: 'text/plain',
    });
    expect(receipt).toEqual({ externalRef: '19', facts: { ticket_url: `${zammad.url}/#ticket/zoom/19` } });
  });

  it('says so in German where messages are German', async () => {
    await send(message());
    await send(message({ stepNo: 2, earlierRef: '19' }), channelWith({ DEFAULT_LANGUAGE: 'de' }));

    expect(zammad.tickets[0]!.articles[1]).toMatchObject({
      subject: expect.stringMatching(/ - Weiterhin unbeantwortet$/),
      body: expect.stringMatching(/\n\nEs hat noch niemand reagiert\. Stufe 3 hat begonnen\.$/),
    });
  });

  it.each(['simulated-12', '', '../users/1'])(
    'opens a ticket when %j is all there is of one',
    async (ref) => {
      await step(ref);

      expect(zammad.calls).toEqual(['POST /tickets']);
    },
  );

  it('opens a new ticket when the first one was deleted, and only one', async () => {
    expect((await step('4711')).externalRef).toBe('19');
    expect((await step('4711', { stepNo: 2 })).externalRef).toBe('19');
    expect(zammad.tickets).toHaveLength(1);
  });

  it('opens a new ticket when the first one was moved to where the token may not follow', async () => {
    await send(message());
    zammad.tickets[0]!.group = 'Users';
    zammad.forbiddenGroups.add('Users');

    expect((await step('19')).externalRef).toBe('20');
    expect(zammad.tickets[1]).toMatchObject({ group: 'Notfallstelle' });
  });

  it('opens a new ticket when the token may see the first one but not write on it', async () => {
    await send(message());
    zammad.answerInstead({ status: 403, body: { error: 'Not authorized' } });

    expect((await step('19')).externalRef).toBe('20');
  });

  it.each([500, 429])('is tried again after %d instead of opening a second ticket', async (status) => {
    await send(message());
    zammad.answerInstead({ status });

    expect((await failure(step('19'))).options.retry).toBe('yes');
    expect(zammad.tickets).toHaveLength(1);
  });
});

describe('what becomes of the alarm', () => {
  beforeEach(() => send(message()));

  it('acknowledged: is a note', async () => {
    await send(followUp('acknowledged', { earlierRef: '19' }));

    expect(zammad.calls.slice(1)).toEqual(['POST /ticket_articles']);
    expect(zammad.tickets).toMatchObject([
      { state: 'new', articles: [{}, { body: expect.stringContaining('On my way'), internal: true }] },
    ]);
  });

  it.each(['resolved', 'cancelled'] as const)('%s: closes the ticket', async (purpose) => {
    expect(await send(followUp(purpose, { earlierRef: '19' }))).toMatchObject({ externalRef: '19' });

    expect(zammad.calls.slice(1)).toEqual(['PUT /tickets/19']);
    expect(zammad.tickets).toMatchObject([
      {
        state: 'closed',
        articles: [{}, { body: expect.stringContaining(`was ${purpose}`), internal: true }],
      },
    ]);
  });

  it.each(['resolved', 'cancelled'] as const)('%s: is a note where people close tickets', async (purpose) => {
    await send(followUp(purpose, { earlierRef: '19' }), channelWith({ ZAMMAD_CLOSE_ON_RESOLVE: 'false' }));

    expect(zammad.calls.slice(1)).toEqual(['POST /ticket_articles']);
    expect(zammad.tickets).toMatchObject([{ state: 'new', articles: [{}, {}] }]);
  });

  it('is a note when a workflow wants more before a ticket may be closed', async () => {
    zammad.mandatoryField = 'cause';
    await send(followUp('resolved', { earlierRef: '19' }));

    expect(zammad.calls.slice(1)).toEqual(['PUT /tickets/19', 'POST /ticket_articles']);
    expect(zammad.tickets).toMatchObject([{ state: 'new', articles: [{}, { internal: true }] }]);
  });

  it('finds a ticket nobody has told it of', async () => {
    const receipt = await send(followUp('resolved'));

    expect(receipt).toMatchObject({ externalRef: '19', facts: { ticket_number: '22019' } });
    expect(zammad.tickets[0]!.state).toBe('closed');
  });

  it('is tried again while there is no ticket yet', async () => {
    const error = await failure(send(followUp('acknowledged', { address: 'Leitstelle' })));

    expect(error.message).toBe('Zammad knows no ticket of this alarm in this group yet.');
    expect(error.options).toEqual({ retry: 'yes', reason: 'refused' });
    expect(zammad.tickets[0]!.articles).toHaveLength(1);
  });

  it('is tried again when half of Zammad could not be asked and the other half knows of none', async () => {
    zammad.answerInstead({ status: 422, body: { error: 'Unknown condition' } });

    const error = await failure(send(followUp('acknowledged', { address: 'Leitstelle' })));
    expect(error.options.retry).toBe('yes');
  });

  it('is tried again when it could not be looked for, however often', async () => {
    zammad.searchTrouble = 'hanging';

    expect((await failure(send(followUp('acknowledged'), undefined, 150))).options).toEqual({
      retry: 'yes',
      reason: 'timeout',
    });
  });

  it('reaches the ticket that took the place of one that was deleted', async () => {
    await send(followUp('resolved', { earlierRef: '4711' }));

    expect(zammad.tickets[0]!.state).toBe('closed');
  });

  it('says that a ticket is gone when nothing took its place', async () => {
    zammad.tickets.length = 0;

    const error = await failure(send(followUp('resolved', { earlierRef: '19' })));
    expect(error.message).toBe("Zammad answered 404 Not Found: Couldn't find Ticket with 'id'=19.");
    expect(error.options.retry).toBe('no');
  });

  it('may have arrived when the line broke', async () => {
    zammad.loseAnswers();

    expect((await failure(send(followUp('resolved', { earlierRef: '19' })))).options.retry).toBe('ambiguous');
  });
});
