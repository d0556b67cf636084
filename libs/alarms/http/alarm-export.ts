import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { stringify } from 'csv-stringify/sync';
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

/**
 * Streams alarms into an answer, at the pace at which the caller reads. A page is one write: thousands of small
 * ones would cost more memory than the alarms.
 */
export async function exportAlarms(
  pages: AsyncGenerator<Alarm[]>,
  format: 'json' | 'csv',
  caller: Principal,
  response: Response,
): Promise<void> {
  response.setHeader('Content-Disposition', `attachment; filename="alarms.${format}"`);
  response.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
  const parts = format === 'csv' ? csvParts(pages, caller) : jsonParts(pages, caller);
  await pipeline(Readable.from(parts, { highWaterMark: 1 }), response);
}

async function* jsonParts(pages: AsyncGenerator<Alarm[]>, caller: Principal): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const page of pages) {
    yield separator + page.map((alarm) => JSON.stringify(alarmResponse(alarm, caller))).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** A cell that begins like a formula gets a quote before it, so that a spreadsheet shows it instead of running it. */
async function* csvParts(pages: AsyncGenerator<Alarm[]>, caller: Principal): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for await (const page of pages) {
    const documents = page.map((alarm) => alarmResponse(alarm, caller));
    yield stringify(
      documents.map((document) => COLUMNS.map((column) => document[column])),
      {
        escape_formulas: true,
        cast: {
          date: (value) => value.toISOString(),
          boolean: (value) => String(value),
          object: (value) => JSON.stringify(value),
        },
      },
    );
  }
}
