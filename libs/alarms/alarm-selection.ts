import type { Value } from '#platform';

import type { Alarm, AlarmStatus, Severity } from './alarm.entity.ts';

export interface AlarmFilter {
  /** Any of these. */
  readonly statuses?: readonly AlarmStatus[] | undefined;
  /** What somebody looked for: alarms that fit in one of these ways. */
  readonly about?: Sought | undefined;
  readonly status?: AlarmStatus | undefined;
  readonly severity?: Severity | undefined;
  readonly source?: string | undefined;
  readonly personId?: string | undefined;
  readonly roomId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

/** Ways in which an alarm can be meant. */
export interface Sought {
  readonly roomIds: readonly string[];
  readonly personIds: readonly string[];
  readonly siteIds: readonly string[];
  readonly deviceIds: readonly string[];
  /** How its id ends, in lower case: what people read out. */
  readonly idEnding: string;
}

/** What a list can be sorted by. Alarms that are equal in it are in order of time. */
export const SORT_FIELDS = ['created_at', 'status', 'severity'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

/** Where a page ended: the sort value of its last alarm, its time and its id, which together are unique. */
export interface Position {
  readonly sortedBy: SortField;
  /** Empty when sorted by time. */
  readonly value: string;
  readonly createdAt: Date;
  readonly id: string;
}

export interface Page {
  readonly limit: number;
  readonly sortBy: SortField;
  readonly order: 'asc' | 'desc';
  readonly after?: Position | undefined;
}

/** Where a page that ends with this alarm ends. */
export const positionOf = (alarm: Alarm, sortedBy: SortField): Position => ({
  sortedBy,
  value: sortedBy === 'created_at' ? '' : alarm[sortedBy],
  createdAt: alarm.createdAt,
  id: alarm.id,
});

/**
 * The columns of an alarm under the names of its entity. Lists are read without TypeORM: building its objects keeps
 * ten times the memory of the rows alive while an export streams.
 */
export const ALARM_COLUMNS = `
  id, status, source, event, severity, silent, created_at AS "createdAt", device_id AS "deviceId",
  person_id AS "personId", room_id AS "roomId", site_id AS "siteId", zammad_ticket_id AS "zammadTicketId",
  ack_token AS "ackToken", acked_at AS "ackedAt", acked_by AS "ackedBy", resolved_at AS "resolvedAt",
  resolved_by AS "resolvedBy", cancelled_at AS "cancelledAt", cancelled_by AS "cancelledBy",
  deleted_at AS "deletedAt", fingerprint, version, meta`;

const EQUAL = {
  status: 'status',
  severity: 'severity',
  source: 'source',
  personId: 'person_id',
  roomId: 'room_id',
  siteId: 'site_id',
  deviceId: 'device_id',
} as const;

/** One page of a list, as a statement. Every filter and every order has an index of its own. */
export function selectAlarms(filter: AlarmFilter, page: Page): { sql: string; values: Value[] } {
  const values: Value[] = [];
  const place = (value: Value): string => `$${values.push(value)}`;

  const conditions = ['deleted_at IS NULL'];
  for (const [field, column] of Object.entries(EQUAL)) {
    const value = filter[field as keyof typeof EQUAL];
    if (value !== undefined) conditions.push(`${column} = ${place(value)}`);
  }
  if (filter.statuses) conditions.push(`status = ANY(${place([...filter.statuses])})`);
  if (filter.about) {
    const { roomIds, personIds, siteIds, deviceIds, idEnding } = filter.about;
    conditions.push(
      `(room_id = ANY(${place([...roomIds])}) OR person_id = ANY(${place([...personIds])})
        OR site_id = ANY(${place([...siteIds])}) OR device_id = ANY(${place([...deviceIds])})
        OR right(id::text, 6) = ${place(idEnding)})`,
    );
  }
  if (filter.createdAfter) conditions.push(`created_at > ${place(filter.createdAfter)}`);
  if (filter.createdBefore) conditions.push(`created_at < ${place(filter.createdBefore)}`);

  const byTime = page.sortBy === 'created_at';
  const keys = byTime ? ['created_at', 'id'] : [page.sortBy, 'created_at', 'id'];
  if (page.after) {
    const { value, createdAt, id } = page.after;
    const end = [...(byTime ? [] : [value]), createdAt, id].map(place);
    conditions.push(`(${keys.join(', ')}) ${page.order === 'asc' ? '>' : '<'} (${end.join(', ')})`);
  }
  const order = keys.map((key) => `${key} ${page.order === 'asc' ? 'ASC' : 'DESC'}`);
  return {
    sql: `SELECT ${ALARM_COLUMNS} FROM alarms WHERE ${conditions.join(' AND ')}
          ORDER BY ${order.join(', ')} LIMIT ${place(page.limit)}`,
    values,
  };
}
