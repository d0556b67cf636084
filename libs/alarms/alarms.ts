import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Database, isId, statement, type Tx } from '#platform';

import { Alarm, ALARM_STATUSES, SEVERITIES } from './alarm.entity.ts';
import {
  ALARM_COLUMNS,
  positionOf,
  selectAlarms,
  type AlarmFilter,
  type Page,
  type Position,
} from './alarm-selection.ts';
import { unknownAlarm } from './lifecycle.ts';

export interface AlarmFigures {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly bySeverity: Readonly<Record<string, number>>;
}

/** What is not over. */
export interface OpenAlarms {
  readonly triggered: number;
  readonly acknowledged: number;
  /** Since when somebody has been waiting for an answer; null when nobody is. */
  readonly waitingSince: Date | null;
  /** The last one that nobody has answered; ids grow with time. */
  readonly newest: string | null;
}

/** Reads only what is open, by the index of states. */
const OPEN = statement(
  'alarms.open',
  `SELECT count(*) FILTER (WHERE status = 'triggered')::int AS triggered,
          count(*) FILTER (WHERE status = 'acknowledged')::int AS acknowledged,
          min(created_at) FILTER (WHERE status = 'triggered') AS "waitingSince",
          max(id::text) FILTER (WHERE status = 'triggered') AS newest
   FROM alarms WHERE status IN ('triggered', 'acknowledged') AND deleted_at IS NULL`,
);

const EXPORT_PAGE = 250;

/** There is at most one, by a unique index. */
export const OPEN_BY_FINGERPRINT = statement(
  'alarms.open-by-fingerprint',
  `SELECT id FROM alarms WHERE source = $1 AND fingerprint = $2
     AND status IN ('triggered', 'acknowledged') AND deleted_at IS NULL`,
);

/** Reading alarms. What was deleted is not here; the table keeps it for the audit. */
@Injectable()
export class Alarms {
  constructor(private readonly database: Database) {}

  /** @throws BrokerError `alarm.unknown`, also for something that is no id at all. */
  async get(id: string): Promise<Alarm> {
    const alarms = await this.database.repository(Alarm);
    const alarm = isId(id) ? await alarms.findOneBy({ id, deletedAt: IsNull() }) : null;
    if (alarm === null) throw unknownAlarm();
    return alarm;
  }

  /** An alarm as this transaction sees it, also one it has just made. @throws BrokerError `alarm.unknown` */
  async within(tx: Tx, id: string): Promise<Alarm> {
    const [alarm] = await tx.query<Alarm>(`SELECT ${ALARM_COLUMNS} FROM alarms WHERE id = $1`, [id]);
    if (alarm === undefined) throw unknownAlarm();
    return alarm;
  }

  /** Which of these there are. */
  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT id FROM alarms WHERE id = ANY($1) AND deleted_at IS NULL',
      [[...new Set(ids)]],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** How many alarms of a person nobody has closed, and the names the person had at their presses. */
  async ofPerson(tx: Tx, personId: string): Promise<{ open: number; names: readonly string[] }> {
    const [row] = await tx.query<{ open: number; names: string[] }>(
      `SELECT count(*) FILTER (WHERE a.status IN ('triggered', 'acknowledged') AND a.deleted_at IS NULL)::int AS open,
              COALESCE(array_agg(DISTINCT e.brief->>'person') FILTER (WHERE e.brief->>'person' IS NOT NULL), '{}') AS names
       FROM alarms a LEFT JOIN escalations e ON e.alarm_id = a.id WHERE a.person_id = $1`,
      [personId],
    );
    return row ?? { open: 0, names: [] };
  }

  /** The open alarm that has this fingerprint where it comes from, if there is one. */
  async openByFingerprint(source: string, fingerprint: string): Promise<string | undefined> {
    const [alarm] = await this.database.query<{ id: string }>(OPEN_BY_FINGERPRINT, [source, fingerprint]);
    return alarm?.id;
  }

  /** One page. Alarms that arrive between two pages move nothing: a page begins where the last one ended. */
  async list(filter: AlarmFilter, page: Page): Promise<Alarm[]> {
    const { sql, values } = selectAlarms(filter, page);
    return this.database.query<Alarm>(sql, values);
  }

  /** All that match, page by page, so that any number of them needs no more memory than one page. */
  async *pages(
    filter: AlarmFilter,
    order: Omit<Page, 'limit' | 'after'>,
    limit: number,
  ): AsyncGenerator<Alarm[]> {
    let after: Position | undefined;
    for (let left = limit; left > 0;) {
      const page = await this.list(filter, { ...order, limit: Math.min(left, EXPORT_PAGE), after });
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < EXPORT_PAGE) return;
      after = positionOf(last, order.sortBy);
      left -= page.length;
    }
  }

  /** What is waiting, and what is in hand. */
  async open(): Promise<OpenAlarms> {
    const [open] = await this.database.query<OpenAlarms>(OPEN);
    return open ?? { triggered: 0, acknowledged: 0, waitingSince: null, newest: null };
  }

  /** How many there are, with a zero for every status and severity that has none. */
  async figures(): Promise<AlarmFigures> {
    const rows = await this.database.query<{ status: string; severity: string; count: number }>(
      'SELECT status, severity, count(*)::int AS count FROM alarms WHERE deleted_at IS NULL GROUP BY status, severity',
    );
    const sum = (some: typeof rows) => some.reduce((total, row) => total + row.count, 0);
    const sumBy = (field: 'status' | 'severity', words: readonly string[]) =>
      Object.fromEntries(words.map((word) => [word, sum(rows.filter((row) => row[field] === word))]));
    return {
      total: sum(rows),
      byStatus: sumBy('status', ALARM_STATUSES),
      bySeverity: sumBy('severity', SEVERITIES),
    };
  }
}
