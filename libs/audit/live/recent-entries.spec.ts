import type { EventType } from '../alarm-event.entity.ts';
import type { LiveEntry } from './live-entry.ts';
import { RecentEntries } from './recent-entries.ts';

const entry = (seq: number, type: EventType = 'alarm.noted', frame = `${seq} `): LiveEntry => ({
  seq: BigInt(seq),
  alarmId: seq % 2 === 0 ? 'even' : 'odd',
  type,
  frame,
});
const entries = (...numbers: number[]) => numbers.map((seq) => entry(seq));

describe('the newest entries', () => {
  let recent: RecentEntries;

  beforeEach(() => {
    recent = new RecentEntries(4, 10n);
  });

  it('are what follows a position, and how far that leads', () => {
    recent.add(entries(11, 12, 15));

    expect(recent.after(10n, {})).toEqual({ text: '11 12 15 ', upTo: 15n });
    expect(recent.after(12n, {})).toEqual({ text: '15 ', upTo: 15n });
    expect(recent.after(13n, {})).toEqual({ text: '15 ', upTo: 15n });
    expect(recent.after(15n, {})).toEqual({ text: '', upTo: 15n });
  });

  it('say so when something of what follows is no longer among them', () => {
    expect(recent.after(9n, {})).toBeUndefined();
    recent.add(entries(11, 12, 13));
    recent.add(entries(14, 15, 16));

    expect(recent.after(11n, {})).toBeUndefined();
    expect(recent.after(12n, {})).toEqual({ text: '13 14 15 16 ', upTo: 16n });
  });

  it('bring a reader further also over what it does not want to hear', () => {
    recent.add([entry(11), entry(12, 'alarm.resolved'), entry(13, 'alarm.resolved'), entry(14)]);

    expect(recent.after(10n, { alarmId: 'even' })).toEqual({ text: '12 14 ', upTo: 14n });
    expect(recent.after(10n, { types: ['alarm.resolved', 'alarm.cancelled'] })).toEqual({
      text: '12 13 ',
      upTo: 14n,
    });
    expect(recent.after(10n, { alarmId: 'odd', types: ['alarm.resolved'] })?.text).toBe('13 ');
    expect(recent.after(10n, { alarmId: 'none' })).toEqual({ text: '', upTo: 14n });
  });

  it('come in pieces that can be written at once', () => {
    const long = 'x'.repeat(40_000);
    recent.add([11, 12, 13].map((seq) => entry(seq, 'alarm.noted', long)));

    const first = recent.after(10n, {});
    expect(first).toEqual({ text: long + long, upTo: 12n });
    expect(recent.after(12n, {})).toEqual({ text: long, upTo: 13n });
  });
});
