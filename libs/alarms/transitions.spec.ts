import { ALARM_STATUSES, type AlarmStatus } from './alarm.entity.ts';
import { TRANSITIONS } from './transitions.ts';

const reachableFrom = (status: AlarmStatus) =>
  Object.values(TRANSITIONS)
    .filter(({ from }) => from.includes(status))
    .map(({ to }) => to);

describe('the life of an alarm', () => {
  it('is the documented one', () => {
    expect(Object.fromEntries(ALARM_STATUSES.map((status) => [status, reachableFrom(status)]))).toEqual({
      triggered: ['acknowledged', 'resolved', 'cancelled'],
      acknowledged: ['resolved', 'cancelled'],
      resolved: [],
      cancelled: [],
    });
  });
});
