import type pg from 'pg';

import { jobMigrations, type SchemaParts } from '#platform';

import { readLedger } from './ledger.ts';

/** What has run and what has not, in words. */
export async function describeStatus(client: pg.Client, parts: SchemaParts): Promise<string> {
  const { applied, pending, unknown, floor } = await readLedger(client, parts);
  const jobs = await jobMigrations(client);
  const lines = [
    ['Version', applied.at(-1) ?? 'none: nothing has been migrated'],
    ['Floor', floor ?? 'none: every release may work'],
    ...applied.map((name, i) => [
      i === 0 ? 'Applied' : '',
      name + (unknown.includes(name) ? ' (of a later release)' : ''),
    ]),
    ...(pending.length === 0 ? [['Pending', 'none']] : []),
    ...pending.map(({ name }, i) => [i === 0 ? 'Pending' : '', name]),
    ['Job queue', `version ${jobs.version}${jobs.pending.length === 0 ? '' : ', to be brought up to date'}`],
  ];
  return lines.map(([what = '', is = '']) => `${what.padEnd(10)} ${is}`).join('\n');
}
