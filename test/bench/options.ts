import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    shape: { type: 'string', multiple: true, default: ['PostgreSQL', 'Redis'] },
    json: { type: 'string', default: '.data/bench.json' },
    presses: { type: 'string', default: '10000' },
    alarms: { type: 'string', default: '1000000' },
    waiting: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '60' },
    statements: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

/** What `npm run bench` was asked for. */
export const OPTIONS = {
  benchmarks: positionals,
  /** Of each measurement. */
  seconds: Number(values.seconds),
  shapes: values.shape,
  json: values.json,
  /** Keys pressed in a storm. */
  presses: Number(values.presses),
  /** Most alarms in the tables while growth is measured. */
  alarms: Number(values.alarms),
  /** Escalations that wait while the clock is measured. */
  waiting: Number(values.waiting),
  /** `WORKER_CONCURRENCY`: sends at once. */
  concurrency: values.concurrency,
  /** Prints what the database was busy with. Counting that costs something, too. */
  statements: values.statements,
  /** A folder for profiles of api and worker. That costs something as well. */
  profile: values.profile,
} as const;
