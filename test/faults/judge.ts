import type { LoadReport } from './load.ts';
import { STEPS, type Arrival, type Town } from './town.ts';

/** What a run has shown, seen from outside: by the phones, by the gateways and by the tables. */
export interface Verdict {
  readonly alarms: number;
  readonly refused: number;
  readonly notifications: number;
  /** Presses answered 200 without an alarm, and targets of due steps never told. */
  readonly lost: readonly string[];
  /** Alarms that will never come to an end, and notifications that will never be sent. */
  readonly stuck: readonly string[];
  /** Told of a step that began after the answer, or recorded as sent and never arrived. */
  readonly false: readonly string[];
  /** Things that happened and do not stand on a timeline. */
  readonly untold: readonly string[];
  /** Worst time between a step's due moment and its arrival at the gateway, in seconds. */
  readonly worstLateness: number;
  readonly duplicates: number;
  /** Those that no lost or ambiguous attempt explains. */
  readonly unexplained: readonly string[];
  readonly slowestPressMs: number;
}

/** An answer carries the time at which it was begun; a step that begins until it has committed comes before it. */
const COMMIT_WITHIN_MS = 1000;

interface AlarmRow {
  readonly id: string;
  readonly status: string;
  readonly created_at: Date;
  readonly acked_at: Date | null;
  readonly next_step_at: Date | null;
  readonly events: Record<string, number>;
}

interface NotificationRow {
  readonly id: string;
  readonly alarm_id: string;
  readonly purpose: string;
  readonly step_no: number;
  readonly target_id: string;
  readonly status: string;
  readonly created_at: Date;
  readonly attempts: { result: string; reason: string | null }[] | null;
}

const ALARMS = `
  SELECT a.id, a.status, a.created_at, a.acked_at, e.next_step_at,
         (SELECT jsonb_object_agg(type, n) FROM
           (SELECT type, count(*) AS n FROM alarm_events WHERE alarm_id = a.id GROUP BY type) t) AS events
  FROM alarms a JOIN escalations e ON e.alarm_id = a.id`;
const NOTIFICATIONS = `
  SELECT n.id, n.alarm_id, n.purpose, n.step_no, n.target_id, n.status, n.created_at,
         (SELECT jsonb_agg(jsonb_build_object('result', result, 'reason', reason) ORDER BY attempt)
          FROM notification_attempts WHERE notification_id = n.id) AS attempts
  FROM notifications n`;

/** Waits until nothing is left to be done. @returns false when that takes longer than so many milliseconds. */
export async function dustSettles(town: Town, withinMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs;
  while (performance.now() < giveUpAt) {
    const [row] = await town.query<{ open: number }>(
      `SELECT (SELECT count(*) FROM notifications WHERE status IN ('scheduled', 'sending'))
            + (SELECT count(*) FROM escalations WHERE next_step_at IS NOT NULL) AS open`,
    );
    if (Number(row?.open) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

/** @param boundSeconds how late a step may be told under this fault; an alarm answered before that needs no telling. */
export async function judge(town: Town, report: LoadReport, boundSeconds: number): Promise<Verdict> {
  const alarms = await town.query<AlarmRow>(ALARMS);
  const notifications = await town.query<NotificationRow>(NOTIFICATIONS);
  const arrivals = Map.groupBy([...town.sms.arrivals, ...town.control.arrivals], (one) => one.notificationId);
  const alarmOf = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const rowsOf = Map.groupBy(notifications, (row) => row.alarm_id);
  const lost = report.pressed
    .filter(({ alarmId }) => !alarmOf.has(alarmId))
    .map(({ alarmId }) => `press of ${alarmId}`);
  const stuck: string[] = [];
  const untrue: string[] = [];
  const untold: string[] = [];
  let worst = 0;

  for (const alarm of alarms) {
    const rows = rowsOf.get(alarm.id) ?? [];
    const answeredAt = alarm.acked_at?.getTime() ?? Infinity;
    const answeredBy = answeredAt + COMMIT_WITHIN_MS;
    if (alarm.next_step_at !== null) stuck.push(`clock of ${alarm.id}`);
    for (const { stepNo, afterSeconds, targets } of STEPS) {
      const dueAt = alarm.created_at.getTime() + afterSeconds * 1000;
      for (const target of targets) {
        const row = rows.find(
          (one) => one.purpose === 'alert' && one.step_no === stepNo && one.target_id === target,
        );
        const told = row && arrivals.get(row.id);
        const what = `step ${stepNo} of ${alarm.id} to ${target} (${row?.status ?? 'no row'})`;
        if (told) worst = Math.max(worst, (first(told) - dueAt) / 1000);
        else if (answeredAt > dueAt + boundSeconds * 1000) lost.push(what);
        if (told && dueAt > answeredBy) untrue.push(`${what} after the answer`);
        if (row && row.created_at.getTime() > answeredBy) untrue.push(`${what} planned after the answer`);
      }
    }
    untold.push(...missingEvents(alarm, rows));
  }
  for (const row of notifications) {
    if (['scheduled', 'sending'].includes(row.status)) stuck.push(`notification ${row.id} ${row.status}`);
    if (row.status === 'sent' && !arrivals.has(row.id)) untrue.push(`${row.id} sent, but never arrived`);
  }
  const repeated = notifications.filter((row) => (arrivals.get(row.id)?.length ?? 0) > 1);
  return {
    alarms: alarms.length,
    refused: report.refused,
    notifications: notifications.length,
    lost,
    stuck,
    false: untrue,
    untold,
    worstLateness: worst,
    duplicates: repeated.reduce((sum, row) => sum + (arrivals.get(row.id)?.length ?? 0) - 1, 0),
    unexplained: repeated
      .filter((row) => !isExplained(row, arrivals.get(row.id)?.length ?? 0))
      .map((row) => `${row.id}: ${arrivals.get(row.id)?.length} arrivals, ${JSON.stringify(row.attempts)}`),
    slowestPressMs: report.slowestMs,
  };
}

const first = (arrivals: readonly Arrival[]): number => Math.min(...arrivals.map(({ at }) => at));

/** Each arrival but one needs an attempt of which nobody learnt that it had arrived. */
function isExplained({ attempts }: NotificationRow, arrived: number): boolean {
  const unknown = (attempts ?? []).filter(({ result }) => ['lost', 'ambiguous'].includes(result)).length;
  return arrived - 1 <= unknown;
}

function missingEvents(alarm: AlarmRow, rows: readonly NotificationRow[]): string[] {
  const missing: string[] = [];
  const expect = (type: string, times: number): void => {
    if ((alarm.events[type] ?? 0) !== times)
      missing.push(`${type} of ${alarm.id}: ${alarm.events[type]} not ${times}`);
  };
  expect('alarm.triggered', 1);
  expect('alarm.acknowledged', alarm.acked_at === null ? 0 : 1);
  expect('escalation.step-started', new Set(rows.filter(isAlert).map((row) => row.step_no)).size);
  expect('escalation.exhausted', alarm.acked_at === null ? 1 : 0);
  for (const status of ['sent', 'failed', 'ambiguous', 'withdrawn'])
    expect(`notification.${status}`, rows.filter((row) => row.status === status).length);
  return missing;
}

const isAlert = (row: NotificationRow): boolean => row.purpose === 'alert';
