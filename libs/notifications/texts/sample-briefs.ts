import type { AlarmBrief, Purpose } from '../alarm-brief.ts';

/** An alarm of which everything is known. */
export const SAMPLE_ALERT: AlarmBrief = {
  alarmId: '019c0f3e-5a00-7000-8000-0000ab12cd34',
  severity: 'P0',
  silent: true,
  source: 'yealink',
  event: 'alarm.trigger',
  triggeredAt: '2026-03-02T08:00:00.000Z',
  simulated: false,
  drill: false,
  person: 'Ada',
  role: 'Registrar',
  room: 'Counter 1',
  floor: '2',
  site: 'Town hall',
  timeZone: 'UTC',
  link: 'https://alarms.example/a/token',
};

/** The same alarm at a later moment of its life. */
export const sampleBrief = (purpose: Purpose): AlarmBrief =>
  purpose === 'alert'
    ? SAMPLE_ALERT
    : {
        ...SAMPLE_ALERT,
        change: { status: purpose, at: '2026-03-02T08:01:30.000Z', by: 'Eva', note: 'On my way.' },
      };

const LONG = 'A very long name '.repeat(30);

/** Alarms of all sorts: everything known and nothing, short names and long ones, real and not. */
export function samplesOf(purpose: Purpose, baseUrl: string): AlarmBrief[] {
  const link = `${baseUrl.replace(/\/$/, '')}/a/${'x'.repeat(43)}`;
  const full: AlarmBrief = { ...sampleBrief(purpose), link, timeZone: 'Asia/Kolkata' };
  const changedBy = (by: string | null, note: string | null) =>
    full.change === undefined ? {} : { change: { ...full.change, by, note } };
  const nobody = { person: null, role: null, room: null, floor: null, site: null };
  const long = { person: LONG, role: LONG, room: LONG, floor: LONG, site: LONG, source: LONG, event: LONG };
  return [
    full,
    { ...full, ...nobody, ...changedBy(null, null), severity: 'P3', silent: false },
    { ...full, ...long, ...changedBy(LONG, LONG) },
  ].flatMap((brief) => [brief, { ...brief, simulated: true }, { ...brief, drill: true }]);
}
