import fc from 'fast-check';

import { BrokerError } from '#platform';

import { readAlerts, type Alert } from './alert.ts';

/** What PostgreSQL would not keep, wherever it stands. */
const UNSTORABLE = /[\0\p{Cs}]/u;

const read = (more: object): Alert => {
  const alert = { status: 'firing', fingerprint: 'f', labels: {}, annotations: {}, ...more };
  const [only] = readAlerts({ version: '4', alerts: [alert] }).alerts;
  if (only === undefined || 'detail' in only) throw new Error('The alert was not understood.');
  return only;
};

describe('an alert of Alertmanager', () => {
  it.each([
    ['critical', 'P0'],
    ['error', 'P1'],
    ['high', 'P1'],
    ['warning', 'P2'],
    ['info', 'P3'],
    ['Critical ', 'P0'],
    ['p2', 'P2'],
    ['whatever', 'P1'],
    ['constructor', 'P1'],
    ['', 'P1'],
    [7, 'P1'],
    [undefined, 'P1'],
  ])('of severity %j is %s', (severity, expected) => {
    expect(read({ labels: { severity } }).severity).toBe(expected);
  });

  it('is called what its rule is called, in one line', () => {
    expect(read({ labels: { alertname: ' Server\nRoom\0TooHot ' } }).event).toBe('ServerRoomTooHot');
    expect(read({ labels: {} }).event).toBe('alert');
    expect(read({ labels: { alertname: '😀'.repeat(5000) } }).event).toMatch(/^(😀){100}$/u);
  });

  it('keeps the lines of its description, and no more of it than a person reads', () => {
    expect(read({ annotations: { description: 'one\r\ntwo\0\n' } }).facts).toMatchObject({
      description: 'one\ntwo',
    });
    const long = read({ annotations: { description: '😀\n'.repeat(50_000) } }).facts['description'];
    expect(String(long).length).toBeLessThanOrEqual(5000);
  });

  it('keeps a bounded number of labels, and of those only words', () => {
    const labels = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`label_${i}`, 'x']));
    expect(Object.keys(Object(read({ labels }).facts['labels']))).toHaveLength(64);
    expect(read({ labels: { a: 1, b: null, c: {}, d: ['x'], e: 'x' } }).facts['labels']).toEqual({ e: 'x' });
  });

  it('is understood or reported, and what is kept can be stored, whatever was sent', () => {
    const text = fc.string({ unit: 'binary' });
    const anyAlert = fc.oneof(
      fc.anything(),
      fc.record({
        status: fc.oneof(fc.constantFrom('firing', 'resolved'), fc.anything()),
        fingerprint: fc.oneof(text, fc.anything()),
        labels: fc.oneof(fc.dictionary(text, fc.oneof(text, fc.anything())), fc.anything()),
        annotations: fc.oneof(
          fc.record({ summary: fc.oneof(text, fc.anything()), description: fc.oneof(text, fc.anything()) }),
          fc.anything(),
        ),
        startsAt: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(fc.array(anyAlert), (sent) => {
        const { alerts } = readAlerts({ version: '4', alerts: sent });

        expect(alerts).toHaveLength(sent.length);
        const texts: string[] = [];
        JSON.stringify(alerts, (key, value: unknown) => {
          texts.push(key, ...(typeof value === 'string' ? [value] : []));
          return value;
        });
        expect(texts.filter((one) => UNSTORABLE.test(one))).toEqual([]);
      }),
    );
  });

  it('comes in a list of a version that is known, or is refused', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(() => readAlerts(body)).toThrow(BrokerError);
      }),
    );
  });
});
