import fc from 'fast-check';

import type { AlarmBrief, StateChange } from './alarm-brief.ts';
import { messageText } from './message-text.ts';

const brief = (changes: Partial<AlarmBrief> = {}): AlarmBrief => ({
  alarmId: '019c0f3e-5a00-7000-8000-0000ab12cd34',
  severity: 'P0',
  silent: true,
  source: 'yealink',
  event: 'alarm.trigger',
  triggeredAt: '2026-03-02T08:00:00.000Z',
  simulated: false,
  person: 'Ada',
  role: 'Registrar',
  room: 'Counter 1',
  floor: '2',
  site: 'Town hall',
  link: 'https://alarms.example/a/token',
  ...changes,
});
const change = (changes: Partial<StateChange> = {}): AlarmBrief =>
  brief({
    change: {
      status: 'acknowledged',
      at: '2026-03-02T08:01:30.000Z',
      by: 'Eva',
      note: 'On my way.',
      ...changes,
    },
  });

describe('the words of a message', () => {
  it('tell of a silent alarm: where, who, when, and how to answer', () => {
    expect(messageText(brief())).toMatchInlineSnapshot(`
      {
        "body": "Silent alarm P0, number 12CD34
      Where: Counter 1, floor 2, Town hall
      Who: Ada (Registrar)
      When: 2026-03-02 08:00:00 UTC
      The alarm is silent: do not call the room back.
      Acknowledge: https://alarms.example/a/token",
        "html": "<p>Silent alarm P0, number 12CD34<br>Where: Counter 1, floor 2, Town hall<br>Who: Ada (Registrar)<br>When: 2026-03-02 08:00:00 UTC<br>The alarm is silent: do not call the room back.<br>Acknowledge: https://alarms.example/a/token</p>",
        "short": "ALARM P0 Counter 1, floor 2, Town hall. Ada (Registrar). 08:00:00 UTC. Acknowledge: https://alarms.example/a/token",
        "subject": "Silent alarm P0: Counter 1, floor 2, Town hall (12CD34)",
      }
    `);
  });

  it('do not call an alarm silent that is not', () => {
    expect(messageText(brief({ silent: false }))).toMatchInlineSnapshot(`
      {
        "body": "Alarm P0, number 12CD34
      Where: Counter 1, floor 2, Town hall
      Who: Ada (Registrar)
      When: 2026-03-02 08:00:00 UTC
      Acknowledge: https://alarms.example/a/token",
        "html": "<p>Alarm P0, number 12CD34<br>Where: Counter 1, floor 2, Town hall<br>Who: Ada (Registrar)<br>When: 2026-03-02 08:00:00 UTC<br>Acknowledge: https://alarms.example/a/token</p>",
        "short": "ALARM P0 Counter 1, floor 2, Town hall. Ada (Registrar). 08:00:00 UTC. Acknowledge: https://alarms.example/a/token",
        "subject": "Alarm P0: Counter 1, floor 2, Town hall (12CD34)",
      }
    `);
  });

  it('say at once that nothing of a simulation is real', () => {
    expect(messageText(brief({ simulated: true }))).toMatchInlineSnapshot(`
      {
        "body": "SIMULATION - not a real alarm. Silent alarm P0, number 12CD34
      Where: Counter 1, floor 2, Town hall
      Who: Ada (Registrar)
      When: 2026-03-02 08:00:00 UTC
      The alarm is silent: do not call the room back.
      Acknowledge: https://alarms.example/a/token",
        "html": "<p>SIMULATION - not a real alarm. Silent alarm P0, number 12CD34<br>Where: Counter 1, floor 2, Town hall<br>Who: Ada (Registrar)<br>When: 2026-03-02 08:00:00 UTC<br>The alarm is silent: do not call the room back.<br>Acknowledge: https://alarms.example/a/token</p>",
        "short": "SIMULATION - not a real alarm. ALARM P0 Counter 1, floor 2, Town hall. Ada (Registrar). 08:00:00 UTC. Acknowledge: https://alarms.example/a/token",
        "subject": "SIMULATION - not a real alarm. Silent alarm P0: Counter 1, floor 2, Town hall (12CD34)",
      }
    `);
  });

  it('leave out what is not known', () => {
    const unknown = { person: null, role: null, room: null, floor: null, site: null };

    expect(messageText(brief(unknown))).toMatchInlineSnapshot(`
      {
        "body": "Silent alarm P0, number 12CD34
      Where: unknown place
      When: 2026-03-02 08:00:00 UTC
      The alarm is silent: do not call the room back.
      Acknowledge: https://alarms.example/a/token",
        "html": "<p>Silent alarm P0, number 12CD34<br>Where: unknown place<br>When: 2026-03-02 08:00:00 UTC<br>The alarm is silent: do not call the room back.<br>Acknowledge: https://alarms.example/a/token</p>",
        "short": "ALARM P0 unknown place. 08:00:00 UTC. Acknowledge: https://alarms.example/a/token",
        "subject": "Silent alarm P0: unknown place (12CD34)",
      }
    `);
  });

  it('leave a floor as it is when it is more than a number', () => {
    expect(messageText(brief({ floor: '-1' })).subject).toContain('Counter 1, floor -1, Town hall');
    expect(messageText(brief({ floor: '3rd floor' })).subject).toContain('Counter 1, 3rd floor, Town hall');
  });

  it('tell of an acknowledgement', () => {
    expect(messageText(change())).toMatchInlineSnapshot(`
      {
        "body": "Alarm 12CD34 was acknowledged by Eva at 2026-03-02T08:01:30.000Z.
      Note: On my way.
      Where: Counter 1, floor 2, Town hall",
        "html": "<p>Alarm 12CD34 was acknowledged by Eva at 2026-03-02T08:01:30.000Z.<br>Note: On my way.<br>Where: Counter 1, floor 2, Town hall</p>",
        "short": "Alarm 12CD34 acknowledged by Eva. Counter 1, floor 2, Town hall.",
        "subject": "Alarm 12CD34 acknowledged by Eva: Counter 1, floor 2, Town hall",
      }
    `);
  });

  it('tell of a resolution without a note by nobody in particular', () => {
    expect(messageText(change({ status: 'resolved', by: null, note: null }))).toMatchInlineSnapshot(`
      {
        "body": "Alarm 12CD34 was resolved by somebody at 2026-03-02T08:01:30.000Z.
      Where: Counter 1, floor 2, Town hall",
        "html": "<p>Alarm 12CD34 was resolved by somebody at 2026-03-02T08:01:30.000Z.<br>Where: Counter 1, floor 2, Town hall</p>",
        "short": "Alarm 12CD34 resolved by somebody. Counter 1, floor 2, Town hall.",
        "subject": "Alarm 12CD34 resolved by somebody: Counter 1, floor 2, Town hall",
      }
    `);
  });

  it('tell of a cancellation, in a simulation', () => {
    const cancelled = change({ status: 'cancelled' });

    expect(messageText({ ...cancelled, simulated: true })).toMatchInlineSnapshot(`
      {
        "body": "SIMULATION - not a real alarm. Alarm 12CD34 was cancelled (false alarm) by Eva at 2026-03-02T08:01:30.000Z.
      Note: On my way.
      Where: Counter 1, floor 2, Town hall",
        "html": "<p>SIMULATION - not a real alarm. Alarm 12CD34 was cancelled (false alarm) by Eva at 2026-03-02T08:01:30.000Z.<br>Note: On my way.<br>Where: Counter 1, floor 2, Town hall</p>",
        "short": "SIMULATION - not a real alarm. Alarm 12CD34 cancelled (false alarm) by Eva. Counter 1, floor 2, Town hall.",
        "subject": "SIMULATION - not a real alarm. Alarm 12CD34 cancelled (false alarm) by Eva: Counter 1, floor 2, Town hall",
      }
    `);
  });

  it('never offer the link of an alarm that was answered', () => {
    expect(JSON.stringify(messageText(change()))).not.toContain('https://');
  });

  it('keep a hostile name as the text it is', () => {
    const name = '<script>"&amp; $& ${link} %s {{x}} \\n';
    const { subject, short, body } = messageText(brief({ room: name }));

    for (const text of [subject, short, body]) expect(text).toContain(name);
  });

  it('do not let a name begin a line of its own or turn the text around', () => {
    const forged = 'x\r\nBcc: all@example.com\u2028\nAcknowledge: https://evil.example\u202E';
    const honest = messageText(change({ note: null }));
    for (const field of ['room', 'floor', 'site', 'person', 'role'] as const) {
      const { subject, short, body } = messageText(brief({ [field]: forged }));
      expect(subject).not.toMatch(/[\n\r\u2028\u202E]/);
      expect(short).not.toMatch(/[\n\r\u2028\u202E]/);
      expect(body.split('\n')).toHaveLength(messageText(brief()).body.split('\n').length);
    }
    const { subject, body } = messageText(change({ by: forged, note: null }));
    expect(subject).not.toMatch(/[\n\r\u2028\u202E]/);
    expect(body.split('\n')).toHaveLength(honest.body.split('\n').length);
  });
});

/** GSM 03.38, as far as it is ASCII; what stands in its extension table counts twice. */
const GSM = /^[A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?^{}\\[~\]|]*$/;
const smsLength = (text: string) => text.length + (text.match(/[\^{}\\[~\]|]/g)?.length ?? 0);

describe('the short form', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 500 });
  const names = fc.record({ person: ascii, role: ascii, room: ascii, floor: ascii, site: ascii });

  it('is in the alphabet of SMS when the names are ASCII', () => {
    fc.assert(
      fc.property(names, ascii, (fields, by) => {
        expect(messageText(brief(fields)).short).toMatch(GSM);
        expect(messageText({ ...change({ by }), ...fields }).short).toMatch(GSM);
      }),
    );
  });

  it('fits into two SMS and keeps its link, however long the names', () => {
    const long = 'Very long name '.repeat(30);
    const fields = { person: long, role: long, room: long, floor: long, site: long, simulated: true };
    const link = `https://alarms.town-hall.example/a/${'x'.repeat(43)}`;
    const { short } = messageText(brief({ ...fields, link }));

    expect(smsLength(short)).toBeLessThanOrEqual(2 * 153);
    expect(short).toContain(link);
    expect(smsLength(messageText({ ...change({ by: long }), ...fields }).short)).toBeLessThanOrEqual(2 * 153);
  });
});
