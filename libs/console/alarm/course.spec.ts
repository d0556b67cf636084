import type { Alarm } from '#alarms';
import type { NotificationRecord } from '#notifications';

import { courseOf, followUpsOf } from './course.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 2, 8, 0, seconds));

const alarm = (facts: Partial<Alarm> = {}): Alarm => ({
  ...({ createdAt: at(0), ackedAt: null, resolvedAt: null, cancelledAt: null } as Alarm),
  ...facts,
});

const told = (facts: Partial<NotificationRecord>): NotificationRecord => ({
  ...({ purpose: 'alert', round: 0, stepNo: 0, createdAt: at(0) } as NotificationRecord),
  ...facts,
});

const outlook = (seconds: number, stepNo: number) => ({
  policy: 'Hall',
  steps: [{ stepNo, at: at(seconds), targets: [] }],
  repeats: 0,
});

describe('the course of an alarm', () => {
  it('begins with the press and ends with what is still to come', () => {
    const stations = courseOf(alarm(), [told({ label: 'guard' }), told({ label: 'desk' })], outlook(60, 1));

    expect(stations.map(({ kind, at: when }) => [kind, when])).toEqual([
      ['press', at(0)],
      ['step', at(0)],
      ['to-come', at(60)],
    ]);
    expect(stations[1]).toMatchObject({ told: [{ label: 'guard' }, { label: 'desk' }] });
  });

  it('has answers where they came, between steps and repetitions', () => {
    const answered = alarm({ ackedAt: at(90), ackedBy: 'Eva', resolvedAt: at(300), resolvedBy: null });
    const notifications = [
      told({}),
      told({ stepNo: 1, createdAt: at(60) }),
      told({ round: 1, createdAt: at(80) }),
      told({ purpose: 'acknowledged', stepNo: null, createdAt: at(90) }),
    ];

    expect(courseOf(answered, notifications, undefined)).toMatchObject([
      { kind: 'press' },
      { kind: 'step', round: 0, stepNo: 0 },
      { kind: 'step', round: 0, stepNo: 1 },
      { kind: 'step', round: 1, stepNo: 0 },
      { kind: 'answer', status: 'acknowledged', by: 'Eva' },
      { kind: 'answer', status: 'resolved', by: null },
    ]);
    expect(followUpsOf(notifications)).toEqual([notifications[3]]);
  });
});
