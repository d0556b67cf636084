import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

describe('what a responder can do with the link', () => {
  let world: World;
  let alarmId: string;
  let page: string;

  beforeAll(async () => {
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: { RATE_LIMIT_PER_MINUTE: '1000' },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    page = `/a/${(await read()).ack_token}`;
  });

  afterEach(() => world.post(`/v1/alarms/${alarmId}/cancel`));
  afterAll(() => world.stop());

  const read = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const notes = async () => (await world.get(`/v1/alarms/${alarmId}/notes`).expect(200)).body;
  const send = async (fields: Record<string, string>) =>
    (await world.http.post(page).type('form').send(fields).expect(200)).text;
  const eva = (action: string, fields: Record<string, string> = {}) =>
    send({ acked_by: 'Eva', action, ...fields });
  const deeds = async () =>
    (await world.timeline(alarmId)).filter((type) => /^(responder|alarm[.](ack|res|can|not))/.test(type));

  it('is told by the record: on the way, there, and how it ended', async () => {
    await eva('acknowledge');
    await eva('on-way');
    world.clock.advance(90);
    expect(await eva('there')).toContain('<bdi>Eva</bdi> is there');
    expect(await eva('resolve', { note: 'Settled by talking.' })).toContain('Resolved by <bdi>Eva</bdi>');

    const { status, resolved_by, meta } = await read();
    expect({ status, resolved_by }).toEqual({ status: 'resolved', resolved_by: 'Eva' });
    expect(meta).toMatchObject({
      resolve_note: 'Settled by talking.',
      responders: [
        { by: 'Eva', state: 'on-way', at: expect.any(String) },
        { by: 'Eva', state: 'there', at: world.clock.now().toISOString() },
      ],
    });
    expect(await deeds()).toEqual([
      'alarm.acknowledged',
      'responder.on-way',
      'responder.there',
      'alarm.resolved',
    ]);
  });

  it('changes nothing twice, however often and however fast it is tapped', async () => {
    await eva('acknowledge');
    const noteId = '01a20be5-2311-78e9-94c1-535cdc86c3f8';
    for (const [action, fields] of [
      ['on-way', {}],
      ['there', {}],
      ['on-way', {}],
      ['note', { note: 'Bring a key.', note_id: noteId }],
    ] as const) {
      await Promise.all(Array.from({ length: 8 }, () => eva(action, fields)));
    }
    await Promise.all(Array.from({ length: 8 }, () => eva('cancel', { reason: 'Pressed by mistake' })));

    expect(await notes()).toMatchObject([{ id: noteId, note: 'Bring a key.', created_by: 'Eva' }]);
    expect(await deeds()).toEqual([
      'alarm.acknowledged',
      'responder.on-way',
      'responder.there',
      'alarm.noted',
      'alarm.cancelled',
    ]);
  });

  it('does not call a second tap of the same person a defeat', async () => {
    const pages = await Promise.all([eva('acknowledge'), eva('acknowledge')]);

    for (const text of pages) {
      expect(text).toContain('You take care of it');
      expect(text).not.toContain('Your tap changed nothing');
    }
  });

  it('tells each who comes, and who comes first has taken it over', async () => {
    await eva('on-way');
    const text = await send({ acked_by: 'Tom', action: 'on-way' });

    expect(text).toContain('<bdi>Eva</bdi> is on the way');
    expect(text).toContain('<bdi>Tom</bdi> is on the way');
    expect(await read()).toMatchObject({ status: 'acknowledged', acked_by: 'Eva' });
  });

  it('keeps only so many who say that they come', async () => {
    await eva('acknowledge');
    for (let i = 0; i < 60; i += 1) await send({ acked_by: `Name ${i}`, action: 'on-way' });

    expect((await read()).meta.responders).toHaveLength(50);
  });

  it('calls off a false alarm with its reason', async () => {
    await eva('acknowledge');
    const text = await eva('cancel', { reason: 'Only tried out', note: 'By a visitor' });

    expect(text).toContain('Called off by <bdi>Eva</bdi>');
    expect(await read()).toMatchObject({
      status: 'cancelled',
      cancelled_by: 'Eva',
      meta: { cancel_note: 'Only tried out. By a visitor' },
    });
  });

  it('shows who ended it before to whoever ends it second', async () => {
    await eva('acknowledge');
    const [first, second] = await Promise.all([
      eva('resolve'),
      send({ acked_by: 'Tom', action: 'cancel', reason: 'Pressed by mistake' }),
    ]);

    const { status } = await read();
    const loser = status === 'resolved' ? second : first;
    const winner = status === 'resolved' ? 'Resolved by <bdi>Eva</bdi>' : 'Called off by <bdi>Tom</bdi>';
    expect(loser).toContain(winner);
    expect(loser).toContain('It was over already. Your tap changed nothing.');
  });

  it('takes notes also when it is over, and none that are empty', async () => {
    await eva('resolve');
    expect(await eva('note', { note: 'She was taken to hospital.' })).toContain('Your note is saved.');
    await send({ action: 'note', note: 'By somebody.' });
    await eva('note', { note: '  ' });

    expect(await notes()).toMatchObject([
      { created_by: 'Eva', note: 'She was taken to hospital.' },
      { created_by: 'responder', note: 'By somebody.' },
    ]);
    expect((await read()).status).toBe('resolved');
  });

  it.each(['on-way', 'there', 'acknowledge', 'cancel'])(
    'cannot bring back what is over by %s',
    async (action) => {
      await eva('resolve');
      const before = [await read(), await world.timeline(alarmId)];

      const text = await send({ acked_by: 'Tom', action });
      expect(text).toContain('Resolved by <bdi>Eva</bdi>');
      expect([await read(), await world.timeline(alarmId)]).toEqual(before);
    },
  );

  it.each(['resolve%00', 'RESOLVE', 'delete', '__proto__', 'x'.repeat(5000)])(
    'does nothing for a word that means nothing (%s)',
    async (action) => {
      expect(await eva(action)).toContain('No answer yet');
      expect((await read()).status).toBe('triggered');
    },
  );

  it('shows nothing about whom and where a day after the end, and takes nothing', async () => {
    await eva('resolve');
    world.clock.advance(24 * 3600 - 60);
    expect((await world.http.get(page).expect(200)).text).toContain('Counter 1');
    world.clock.advance(120);

    for (const text of [(await world.http.get(page).expect(200)).text, await eva('note', { note: 'Late' })]) {
      expect(text).toContain('This alarm has been over for a while');
      for (const fact of ['Counter 1', 'Ada', 'Eva', '<form']) expect(text).not.toContain(fact);
    }
    expect(await notes()).toEqual([]);
  });

  it('is remembered by the phone: the name for every alarm, the deed for this one', async () => {
    const answer = await world.http.post(page).type('form').send({ acked_by: 'Zoë; Path=/' }).expect(200);
    const cookies = answer.get('Set-Cookie') ?? [];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/a(\/[\w-]+)?; .*HttpOnly; SameSite=Lax$/);

    const sent = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
    const { text } = await world.http.get(page).set('Cookie', sent).expect(200);
    expect(text).toContain('value="Zoë; Path=/"');
    expect(text).toContain('You take care of it');
    expect((await world.http.get(page).expect(200)).text).toContain('takes care of it');
    // A name that was taken out is forgotten.
    const emptied = await world.http
      .post(page)
      .set('Cookie', sent)
      .type('form')
      .send({ acked_by: '', action: 'x' });
    expect(emptied.get('Set-Cookie')).toEqual([
      expect.stringMatching(/^responder_name=; Path=\/a; Expires=Thu, 01 Jan 1970/),
    ]);
  });

  it.each(['%', 'responder_name=%E0%A4%A', `responder_name=${'%00'.repeat(500)}`, 'responder_trace=root'])(
    'is not troubled by a cookie nobody gave out (%s)',
    async (cookie) => {
      expect((await world.http.get(page).set('Cookie', cookie).expect(200)).text).toContain('No answer yet');
    },
  );
});
