import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { logLines } from '../support/log-lines.ts';
import { World } from '../support/world.ts';

describe("the responder's page", () => {
  let gateway: HttpReceiver;
  let world: World;
  let alarmId: string;
  /** The part of the link behind the broker's own address. */
  let page: string;

  beforeAll(async () => {
    gateway = await HttpReceiver.start();
    world = await World.start({
      seed: house([{ id: 'guard' }]),
      settings: {
        SENDXMS_ENABLED: 'true',
        SENDXMS_BASE_URL: gateway.url,
        BASE_URL: 'https://alarm.hall.example/',
        RATE_LIMIT_PER_MINUTE: '1000',
      },
    });
  });

  beforeEach(async () => {
    world.clock.advance(20);
    logLines.clear();
    alarmId = (await world.press(KEY).expect(200)).body.alarm_id;
    const { message } = (await gateway.next()).json as { message: string };
    page = /https:\/\/alarm\.hall\.example(\/a\/[\w-]+)$/.exec(message)![1]!;
    await world.settle();
  });

  afterEach(() => world.post(`/v1/alarms/${alarmId}/cancel`));

  afterAll(async () => {
    await world.stop();
    await gateway.close();
  });

  const read = async () => (await world.get(`/v1/alarms/${alarmId}`).expect(200)).body;
  const answer = (fields: Record<string, string> = {}) => world.http.post(page).type('form').send(fields);
  const everythingAboutIt = () =>
    world.query(
      `SELECT to_jsonb(a) AS alarm, to_jsonb(e) AS clock,
              (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.id) FROM notifications n WHERE n.alarm_id = a.id) AS told,
              (SELECT jsonb_agg(to_jsonb(v) ORDER BY v.seq) FROM alarm_events v WHERE v.alarm_id = a.id) AS timeline
       FROM alarms a JOIN escalations e ON e.alarm_id = a.id WHERE a.id = $1`,
      [alarmId],
    );

  it('is what the link in the message leads to, and says who, where and since when', async () => {
    const { text } = await world.http
      .get(page)
      .expect(200)
      .expect('Content-Type', /^text\/html/);

    for (const fact of ['Counter 1', 'Town hall', 'Ada', 'Registrar', '2026-03-02'])
      expect(text).toContain(fact);
    expect(text).toContain('No answer yet');
    expect(text).toMatch(/<form method="post"[^>]*>.*name="acked_by".*<button[^>]* value="acknowledge"/s);
  });

  it('changes nothing by being looked at, by however many previews and scanners', async () => {
    const before = await everythingAboutIt();

    await Promise.all(Array.from({ length: 50 }, () => world.http.get(page).expect(200)));
    await world.http.head(page).expect(200);
    await world.http.options(page);
    await world.http.get(`${page}?acked_by=Preview&action=resolve`).expect(200);
    expect(await everythingAboutIt()).toEqual(before);
  });

  it.each([
    ['of an alarm', () => page, 200],
    ['that leads nowhere', () => '/a/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 404],
  ])('is kept out of caches, referrers, search engines and frames: one %s', async (_what, path, status) => {
    const { headers } = await world.http.get(path()).expect(status);

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    });
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
  });

  it.each(['unknown', 'x'.repeat(43), '%00', '..%2f..', `' OR 1=1 --`, '%F0%9F%98%80'])(
    'says what to do when the link leads nowhere (%s)',
    async (token) => {
      const path = `/a/${token}`;
      const { text } = await world.http
        .get(path)
        .expect(404)
        .expect('Content-Type', /^text\/html/);
      expect(text).toContain('does not belong to an alarm');
      await world.http.post(path).type('form').send({ acked_by: 'Eva' }).expect(404);
      expect(logLines.at('error')).toEqual([]);
    },
  );

  it('acknowledges by its button, with name and note', async () => {
    const { text } = await answer({ acked_by: 'Eva Braun-Meier', note: 'On my way, with Tom.' }).expect(200);

    expect(text).toContain('You take care of it');
    expect(text).not.toContain('value="acknowledge"');
    expect(await read()).toMatchObject({
      status: 'acknowledged',
      acked_by: 'Eva Braun-Meier',
      acked_at: world.clock.now().toISOString(),
      meta: { ack_note: 'On my way, with Tom.' },
    });
    expect((await world.http.get(page).expect(200)).text).toContain('Eva Braun-Meier');
  });

  it('acknowledges also for somebody who has no time to fill in anything', async () => {
    await world.http.post(page).expect(200);

    const { status, acked_by, meta } = await read();
    expect(status).toBe('acknowledged');
    expect(acked_by).toBeNull();
    expect(meta).not.toHaveProperty('ack_note');
  });

  it('cuts what is too long instead of sending anybody back', async () => {
    await answer({ acked_by: `${'n'.repeat(119)}😀${'n'.repeat(50)}`, note: 'w'.repeat(5000) }).expect(200);

    const { acked_by, meta } = await read();
    expect(acked_by).toBe('n'.repeat(119)); // not with half an emoji, which could not be stored
    expect(meta.ack_note).toBe('w'.repeat(2000));
  });

  it.each([
    ['markup', `<script>alert(1)</script>`, `<script>alert(1)</script>`],
    ['quotes', `"'><img src=x onerror=alert(1)>`, `"'><img src=x onerror=alert(1)>`],
    ['right-to-left text', '\u202Egnp.avE', '\u202Egnp.avE'],
    ['a NUL byte', 'Eva\0Meier', 'Eva Meier'],
    ['line breaks', 'Eva\r\nX-Injected: yes', 'Eva  X-Injected: yes'],
    ['only blanks', '  \t ', null],
  ])('takes a name made of %s for a name', async (_what, sent, kept) => {
    const { text, headers } = await answer({ acked_by: sent, note: sent }).expect(200);

    expect(text).not.toMatch(/<script(?! src="\/a\/assets\/[\w.-]+" defer><)|<img/);
    if (kept !== null) expect(text).toContain(kept.replaceAll('<', '&lt;').replaceAll('"', '&quot;'));
    expect(headers).not.toHaveProperty('x-injected');
    expect(await read()).toMatchObject({ status: 'acknowledged', acked_by: kept });
    expect(logLines.at('error')).toEqual([]);
  });

  it('shows everybody who was second who was first', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `Responder-${String.fromCharCode(65 + i)}`);
    const pages = await Promise.all(
      names.map(async (acked_by) => (await answer({ acked_by }).expect(200)).text),
    );

    const winner: string = (await read()).acked_by;
    expect(names).toContain(winner);
    for (const text of pages) {
      expect(text).toContain(text.includes('You take care of it') ? 'You take care of it' : winner);
    }
    expect(pages.filter((text) => text.includes(`<bdi>${winner}</bdi> was faster.`))).toHaveLength(19);
    expect((await world.timeline(alarmId)).filter((type) => type === 'alarm.acknowledged')).toHaveLength(1);
  });

  it.each(['resolve', 'cancel'])('says so when the alarm is over already (%s)', async (end) => {
    await world.post(`/v1/alarms/${alarmId}/${end}`, { actor: 'Desk' }).expect(204);
    const before = await everythingAboutIt();

    const { text } = await answer({ acked_by: 'Eva' }).expect(200);
    expect(text).toContain('<bdi>Desk</bdi>');
    expect(text).toContain('It was over already. Your tap changed nothing.');
    expect(await everythingAboutIt()).toEqual(before);
  });
});
