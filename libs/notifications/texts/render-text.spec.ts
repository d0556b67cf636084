import fc from 'fast-check';

import { PURPOSES, type AlarmBrief, type StateChange } from '../alarm-brief.ts';
import { LANGUAGE_CODES, LANGUAGES, type LanguageCode } from './languages.ts';
import { MAX_SUBJECT, type MessageText } from './message-text.ts';
import { renderText } from './render-text.ts';
import { SAMPLE_ALERT, sampleBrief } from './sample-briefs.ts';
import { TWO_SMS } from './sms-length.ts';
import { bundledTemplates } from './text-template.ts';

const BUNDLED = { en: bundledTemplates(LANGUAGES.en), de: bundledTemplates(LANGUAGES.de) };
const text = (brief: AlarmBrief, code: LanguageCode = 'en'): MessageText =>
  renderText(BUNDLED[code], brief, { language: LANGUAGES[code], timeZone: 'UTC' });

const brief = (changes: Partial<AlarmBrief> = {}): AlarmBrief => ({ ...SAMPLE_ALERT, ...changes });
const change = (changes: Partial<StateChange> = {}): AlarmBrief => {
  const { change: whole, ...alarm } = sampleBrief('acknowledged');
  return { ...alarm, change: { ...whole!, ...changes } };
};

describe('the words of a message', () => {
  it('tell of a silent alarm: where, who, when, and how to answer', () => {
    expect(text(brief())).toMatchInlineSnapshot(`
      {
        "body": "Silent alarm P0 (critical), number 12CD34
      Where: Counter 1, floor 2, Town hall
      Who: Ada (Registrar)
      When: 2026-03-02 08:00:00 UTC
      The alarm is silent: do not call the room back.
      Acknowledge: https://alarms.example/a/token",
        "html": "<p><strong>Silent alarm P0 (critical)</strong>, number 12CD34</p>
      <p>Where: <strong>Counter 1, floor 2, Town hall</strong><br>Who: Ada (Registrar)<br>When: 2026-03-02 08:00:00 UTC</p>
      <p><strong>The alarm is silent: do not call the room back.</strong></p>
      <p>Acknowledge: <a href="https://alarms.example/a/token">https://alarms.example/a/token</a></p>",
        "short": "SILENT ALARM P0 Counter 1, floor 2, Town hall. Ada (Registrar). 08:00:00 UTC. Do not call back. Acknowledge: https://alarms.example/a/token",
        "subject": "Silent alarm P0: Counter 1, floor 2, Town hall (12CD34)",
      }
    `);
  });

  it('tell it in German, by the clocks of the place', () => {
    const names = { role: 'Standesamt', room: 'Schalter 1', site: 'Rathaus', timeZone: 'Europe/Berlin' };

    expect(text(brief(names), 'de')).toMatchInlineSnapshot(`
      {
        "body": "Stiller Alarm P0 (kritisch), Nummer 12CD34
      Ort: Schalter 1, Etage 2, Rathaus
      Person: Ada (Standesamt)
      Zeit: 02.03.2026 09:00:00 MEZ
      Der Alarm ist still: Bitte nicht zurückrufen.
      Quittieren: https://alarms.example/a/token",
        "html": "<p><strong>Stiller Alarm P0 (kritisch)</strong>, Nummer 12CD34</p>
      <p>Ort: <strong>Schalter 1, Etage 2, Rathaus</strong><br>Person: Ada (Standesamt)<br>Zeit: 02.03.2026 09:00:00 MEZ</p>
      <p><strong>Der Alarm ist still: Bitte nicht zurückrufen.</strong></p>
      <p>Quittieren: <a href="https://alarms.example/a/token">https://alarms.example/a/token</a></p>",
        "short": "STILLER ALARM P0 Schalter 1, Etage 2, Rathaus. Ada (Standesamt). 09:00:00 MEZ. Bitte nicht zurückrufen. Quittieren: https://alarms.example/a/token",
        "subject": "Stiller Alarm P0: Schalter 1, Etage 2, Rathaus (12CD34)",
      }
    `);
  });

  it('do not call an alarm silent that is not', () => {
    expect(text(brief({ silent: false })).body).toMatchInlineSnapshot(`
      "Alarm P0 (critical), number 12CD34
      Where: Counter 1, floor 2, Town hall
      Who: Ada (Registrar)
      When: 2026-03-02 08:00:00 UTC
      Acknowledge: https://alarms.example/a/token"
    `);
    for (const code of LANGUAGE_CODES)
      expect(JSON.stringify(text(brief({ silent: false }), code))).not.toMatch(/silent|still|call|rufen/i);
  });

  it('leave out what is not known', () => {
    const unknown = { person: null, role: null, room: ' ', floor: null, site: null, severity: 'P9' };

    expect(text(brief(unknown)).body).toMatchInlineSnapshot(`
      "Silent alarm P9, number 12CD34
      Where: unknown place
      When: 2026-03-02 08:00:00 UTC
      The alarm is silent: do not call the room back.
      Acknowledge: https://alarms.example/a/token"
    `);
    expect(text(change({ by: null, note: null })).body).toMatchInlineSnapshot(`
      "Alarm 12CD34 was acknowledged by somebody at 2026-03-02 08:01:30 UTC.
      Where: Counter 1, floor 2, Town hall"
    `);
    expect(text(change({ by: null, note: null }), 'de').body).toMatchInlineSnapshot(`
      "Alarm 12CD34 wurde quittiert (02.03.2026 08:01:30 UTC).
      Ort: Counter 1, Etage 2, Town hall"
    `);
  });

  it('leave a floor as it is when it is more than a number', () => {
    expect(text(brief({ floor: '-1' })).subject).toContain('Counter 1, floor -1, Town hall');
    expect(text(brief({ floor: '3rd floor' })).subject).toContain('Counter 1, 3rd floor, Town hall');
    expect(text(brief({ floor: '-1' }), 'de').subject).toContain('Counter 1, Etage -1, Town hall');
  });

  it('can be made of a brief from the time before drills and zones', () => {
    const { drill: _drill, timeZone: _timeZone, ...old } = SAMPLE_ALERT;

    expect(text(old)).toEqual(text(brief()));
    expect(
      renderText(BUNDLED.en, old, { language: LANGUAGES.en, timeZone: 'America/New_York' }).body,
    ).toContain('When: 2026-03-02 03:00:00 EST');
  });

  it.each(LANGUAGE_CODES)('never offer the link of an alarm that was answered (%s)', (code) => {
    for (const purpose of ['acknowledged', 'resolved', 'cancelled'] as const)
      expect(JSON.stringify(text(sampleBrief(purpose), code))).not.toContain('https://');
  });

  it.each(LANGUAGE_CODES)('begin with a word that nothing of it is real (%s)', (code) => {
    const { simulation, drill } = LANGUAGES[code].marks;
    for (const purpose of PURPOSES) {
      const real = text(sampleBrief(purpose), code);
      for (const [not, mark] of [
        [{ simulated: true }, simulation],
        [{ simulated: true, drill: true }, simulation],
        [{ drill: true }, drill],
      ] as const) {
        const marked = text({ ...sampleBrief(purpose), ...not }, code);
        expect(marked).toEqual({
          subject: `${mark} ${real.subject}`,
          short: `${mark} ${real.short}`,
          body: `${mark}\n${real.body}`,
          html: `<p><strong>${mark}</strong></p>\n${real.html}`,
        });
      }
    }
  });

  it('keep a hostile name as the text it is', () => {
    const name = '<script>"&amp; $& ${link} %s {{link}} {% if x %} \\n';
    const { subject, short, body, html } = text(brief({ room: name }));

    for (const plain of [subject, short, body]) expect(plain).toContain(name);
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;&quot;&amp;amp; $&amp; ${link} %s {{link}} {% if x %} \\n');
  });

  it('do not let a name begin a line of its own or turn the text around', () => {
    const forged = 'x\r\nBcc: all@example.com\u2028\nAcknowledge: https://evil.example\u202E\u2067\u0000';
    for (const purpose of PURPOSES) {
      const honest = text(sampleBrief(purpose));
      for (const field of ['person', 'role', 'room', 'floor', 'site'] as const) {
        const parts = text({ ...sampleBrief(purpose), [field]: forged });
        for (const part of Object.values(parts)) expect(part).not.toMatch(/[\r\u2028\u202E\u2067\0]/);
        expect(parts.subject + parts.short).not.toContain('\n');
        for (const part of ['body', 'html'] as const)
          expect(parts[part].split('\n')).toHaveLength(honest[part].split('\n').length);
      }
    }
    expect(text(change({ by: forged, note: null })).body.split('\n')).toHaveLength(2);
  });

  it('keep the lines of a note, and nothing else of it', () => {
    const { body, html, subject, short } = text(change({ note: ' One\r\nTwo\u2028Three\u202E\u0007 <b> ' }));

    expect(body).toContain('Note: One\nTwo\nThree   <b>\nWhere');
    expect(html).toContain('<p>Note: One<br>Two<br>Three   &lt;b&gt;</p>');
    expect(subject + short).not.toContain('\n');
  });
});

/** 3GPP TS 23.038, 6.2.1 without what only Greeks need; what stands in its extension table counts twice. */
const GSM = /^[A-Za-z0-9 @£$¥èéùìòÇØøÅå_ÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~\]|€]*$/;
const septets = (words: string) => words.length + (words.match(/[\^{}\\[~\]|€]/g)?.length ?? 0);

describe('the short form', () => {
  const anything = (letters: fc.StringConstraints['unit']) =>
    fc.record(
      Object.fromEntries(
        ['person', 'role', 'room', 'floor', 'site'].map((name) => [
          name,
          fc.string({ unit: letters!, maxLength: 500 }),
        ]),
      ) as Record<'person', fc.Arbitrary<string>>,
    );
  const unreal = fc.constantFrom({}, { simulated: true }, { drill: true });
  const codes = fc.constantFrom(...LANGUAGE_CODES);
  const purposes = fc.constantFrom(...PURPOSES);
  const link = `https://alarms.town-hall.example/a/${'x'.repeat(43)}`;
  const german = fc.constantFrom(...'abcXYZäöüÄÖÜß {}[]€`~-.');

  it.each([
    ['ASCII', 'binary-ascii'],
    ['German', german],
  ] as const)('of %s names is in the alphabet of SMS and fits into two', (_what, letters) => {
    fc.assert(
      fc.property(anything(letters), unreal, codes, purposes, (names, not, code, purpose) => {
        const { short } = text({ ...sampleBrief(purpose), link, ...names, ...not }, code);
        expect(short).toMatch(GSM);
        expect(septets(short)).toBeLessThanOrEqual(TWO_SMS);
        if (purpose === 'alert') expect(short.endsWith(` ${link}`)).toBe(true);
      }),
    );
  });

  it('shortens names of any letters, never the link', () => {
    fc.assert(
      fc.property(anything('grapheme'), unreal, codes, (names, not, code) => {
        const { short, subject } = text({ ...brief({ link }), ...names, ...not }, code);
        expect(short.length).toBeLessThanOrEqual(TWO_SMS);
        expect(short.endsWith(` ${link}`)).toBe(true);
        expect(subject.length).toBeLessThanOrEqual(MAX_SUBJECT);
      }),
    );
  });

  it('shortens no more than it has to', () => {
    const long = 'Bürgerbüro Erdgeschoss links hinter der Treppe';
    const { short } = text(brief({ room: long, person: 'Ada', link }), 'de');

    expect(short).toContain(`${long}, Etage 2, Town hall. Ada (Registrar). `);
    const { short: shorter } = text(brief({ room: long.repeat(4), person: 'Ada', link }), 'de');
    expect(shorter).toMatch(
      / P0 Bürgerbüro Erdgeschoss [^.]+\.\.\., Etage 2, Town hall\. Ada \(Registrar\)\. /,
    );
    expect(septets(shorter)).toBeGreaterThan(250);
  });
});
