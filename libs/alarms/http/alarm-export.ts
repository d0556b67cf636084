import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { stringify } from 'csv-stringify';
import type { Response } from 'express';

import type { Principal } from '#access';

import type { Alarm } from '../alarm.entity.ts';
import { alarmResponse } from './alarm.response.ts';

/** The columns of the table, which does not contain the secret of the links. */
const COLUMNS = [
  'id',
  'status',
  'severity',
  'source',
  'event',
  'created_at',
  'person_id',
  'room_id',
  'site_id',
  'device_id',
  'silent',
  'zammad_ticket_id',
  'acked_at',
  'acked_by',
  'resolved_at',
  'resolved_by',
  'cancelled_at',
  'cancelled_by',
  'meta',
] as const;

/** Streams alarms into an answer, at the pace at which the caller reads. */
export async function exportAlarms(
  alarms: AsyncGenerator<Alarm>,
  format: 'json' | 'csv',
  caller: Principal,
  response: Response,
): Promise<void> {
  response.setHeader('Content-Disposition', `attachment; filename="alarms.${format}"`);
  if (format === 'csv') {
    response.type('text/csv; charset=utf-8');
    await pipeline(Readable.from(csvRows(alarms, caller)), csv(), response);
  } else {
    response.type('application/json');
    await pipeline(Readable.from(jsonParts(alarms, caller)), response);
  }
}

async function* jsonParts(alarms: AsyncGenerator<Alarm>, caller: Principal): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const alarm of alarms) {
    yield separator + JSON.stringify(alarmResponse(alarm, caller));
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

async function* csvRows(alarms: AsyncGenerator<Alarm>, caller: Principal): AsyncGenerator<unknown[]> {
  for await (const alarm of alarms) {
    const document = alarmResponse(alarm, caller);
    yield COLUMNS.map((column) => document[column]);
  }
}

/** A cell that begins like a formula gets a quote before it, so that a spreadsheet shows it instead of running it. */
const csv = (): Transform =>
  stringify({
    header: true,
    columns: [...COLUMNS],
    escape_formulas: true,
    cast: {
      date: (value) => value.toISOString(),
      boolean: (value) => String(value),
      object: (value) => JSON.stringify(value),
    },
  });
