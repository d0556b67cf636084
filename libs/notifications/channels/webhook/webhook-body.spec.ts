import fc from 'fast-check';

import { channelMessage } from '../../../../test/support/channel-message.ts';
import { webhookBody } from './webhook-body.ts';

const STANDARD = { WEBHOOK_FORMAT: 'standard', BASE_URL: 'https://alarms.example' } as const;
const CLOUDEVENTS = { ...STANDARD, WEBHOOK_FORMAT: 'cloudevents' } as const;
const ALERT = channelMessage();
const ANSWER = channelMessage({
  purpose: 'acknowledged',
  text: { ...ALERT.text, body: 'Alarm 12CD34 was acknowledged by Eva.' },
  brief: {
    ...ALERT.brief,
    change: { status: 'acknowledged', at: '2026-03-02T08:01:30.000Z', by: 'Eva', note: 'On my way.' },
  },
});
const read = (text: string) =>
  JSON.parse(text) as Record<string, unknown> & { data: Record<string, unknown> };

describe('the body of a webhook', () => {
  it('says what happened, when, and the facts', () => {
    const { contentType, text } = webhookBody(ALERT, STANDARD);

    expect(contentType).toBe('application/json');
    expect(read(text)).toMatchObject({
      type: 'alarm.triggered',
      timestamp: '2026-03-02T08:00:00.000Z',
      data: { alarm_id: ALERT.brief.alarmId, room: 'Büro 1', ack_url: 'https://alarms.example/a/token' },
    });
  });

  it('is a CloudEvent in structured mode, where that is wished for', () => {
    const { contentType, text } = webhookBody(ANSWER, CLOUDEVENTS);

    expect(contentType).toBe('application/cloudevents+json');
    expect(read(text)).toEqual({
      specversion: '1.0',
      id: ANSWER.notificationId,
      source: 'https://alarms.example',
      type: 'org.alarm-broker.alarm.acknowledged',
      subject: ANSWER.brief.alarmId,
      time: '2026-03-02T08:01:30.000Z',
      datacontenttype: 'application/json',
      data: read(webhookBody(ANSWER, STANDARD).text).data,
    });
  });

  it('gives the way to acknowledge to nobody who is only told of an answer', () => {
    expect(webhookBody(ANSWER, STANDARD).text).not.toContain('/a/token');
  });

  it('cuts a long note, and nothing that is short', () => {
    const note = 'ü'.repeat(30_000);
    const long = { ...ANSWER, brief: { ...ANSWER.brief, change: { ...ANSWER.brief.change!, note } } };

    const { data } = read(webhookBody(long, STANDARD).text);
    expect(data['note']).toMatch(/^ü+…$/u);
    expect(String(data['note']).length).toBe(2000);
    expect(data).toMatchObject({ room: 'Büro 1', changed_by: 'Eva', text: ANSWER.text.body });
  });

  it('stays below 20 kB and JSON, whatever people have typed in', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u0000', '"', '\u{1F6A8}', 'x').map((letter) => letter.repeat(12_000)),
    );
    fc.assert(
      fc.property(
        fc.record({ person: words, room: words, floor: words, site: words, event: words, note: words }),
        words,
        fc.constantFrom(STANDARD, CLOUDEVENTS),
        ({ note, ...names }, body, settings) => {
          const change = { ...ANSWER.brief.change!, by: body, note };
          const { text } = webhookBody(
            {
              ...ANSWER,
              targetLabel: body,
              brief: { ...ANSWER.brief, ...names, change },
              text: { ...ANSWER.text, body },
            },
            settings,
          );
          expect(Buffer.byteLength(text)).toBeLessThan(20_000);
          expect(read(text).data['alarm_id']).toBe(ANSWER.brief.alarmId);
        },
      ),
      { numRuns: 20 },
    );
  });
});
