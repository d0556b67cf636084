import { DE } from './de.ts';
import { EN } from './en.ts';
import { localTime } from './local-time.ts';

const at = (moment: string, zone: string, language = EN) =>
  Object.values(localTime(moment, zone, language.timeStyle)).join(' ');

describe('a moment in words', () => {
  it.each([
    ['2026-03-02T08:00:00.000Z', 'UTC', '2026-03-02 08:00:00 UTC', '02.03.2026 08:00:00 UTC'],
    ['2026-03-02T08:00:00.000Z', 'Europe/Berlin', '2026-03-02 09:00:00 CET', '02.03.2026 09:00:00 MEZ'],
    ['2026-07-02T08:00:00.000Z', 'Europe/Berlin', '2026-07-02 10:00:00 CEST', '02.07.2026 10:00:00 MESZ'],
    ['2026-03-02T23:30:00.000Z', 'Europe/Berlin', '2026-03-03 00:30:00 CET', '03.03.2026 00:30:00 MEZ'],
    ['2026-01-01T03:00:00.000Z', 'America/New_York', '2025-12-31 22:00:00 EST', '31.12.2025 22:00:00 GMT-5'],
    [
      '2026-03-02T08:00:00.000Z',
      'Asia/Kolkata',
      '2026-03-02 13:30:00 GMT+5:30',
      '02.03.2026 13:30:00 GMT+5:30',
    ],
  ])('%s in %s', (moment, zone, english, german) => {
    expect(at(moment, zone)).toBe(english);
    expect(at(moment, zone, DE)).toBe(german);
  });

  it('tells the two hours apart that the end of summer has twice', () => {
    expect(at('2026-10-25T00:30:00.000Z', 'Europe/Berlin', DE)).toBe('25.10.2026 02:30:00 MESZ');
    expect(at('2026-10-25T01:30:00.000Z', 'Europe/Berlin', DE)).toBe('25.10.2026 02:30:00 MEZ');
  });

  it('is told in UTC, and says so, when this machine does not know the zone', () => {
    expect(at('2026-03-02T08:00:00.000Z', 'Mars/Olympus')).toBe('2026-03-02 08:00:00 UTC');
  });
});
