import { readFile } from 'node:fs/promises';

import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { ADMIN_KEY } from '../support/world.ts';

const ALARMS = 200_000;
const MAX_GROWTH = 50 * 1024 * 1024;

describe('an export of everything', () => {
  let database: TestDatabase;
  let api: AppProcess;
  let url: string;

  beforeAll(async () => {
    database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      `INSERT INTO alarms (id, status, source, event, severity, silent, created_at, ack_token, meta)
       SELECT gen_random_uuid(), 'resolved', 'yealink', 'alarm.trigger', 'P0', true,
              timestamptz '2026-01-01T00:00:00Z' + i * interval '1 second', 'token-' || i,
              jsonb_build_object('client_ip', '10.0.0.1', 'user_agent', repeat('x', 100), 'number', i)
       FROM generate_series(1, $1) AS i`,
      [ALARMS],
    );
    // As autovacuum does before long; without figures PostgreSQL would sort the whole table for every page.
    await client.query('ANALYZE alarms');
    await client.end();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    api = await AppProcess.start('api', {
      DATABASE_URL: database.url,
      ADMIN_API_KEY: ADMIN_KEY,
      PORT: String(port),
      // Left alone, V8 prefers growing to collecting, and memory says little of what is needed.
      NODE_OPTIONS: '--max-old-space-size=112',
    });
    await api.waitForReady(`${url}/readyz`);
  }, 60_000);

  afterAll(async () => {
    await api.kill('SIGTERM');
    await database.drop();
  });

  /** Resident memory of the api, in bytes. */
  const memory = async () => {
    const status = await readFile(`/proc/${api.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  };

  it.each(['json', 'csv'])(
    'streams %s in a heap that is smaller than the file, without growing',
    async (format) => {
      const fetchAll = (query: string) =>
        fetch(`${url}/v1/alarms/export?format=${format}${query}`, { headers: { 'X-Admin-Key': ADMIN_KEY } });
      // What a small export needs is no growth: code, buffers, the garbage of a few pages.
      await (await fetchAll('&limit=5000')).text();
      const before = await memory();

      const answer = await fetchAll('');
      let lines = 0;
      let peak = 0;
      let chunks = 0;
      for await (const chunk of answer.body ?? []) {
        lines +=
          Buffer.from(chunk as Uint8Array)
            .toString('latin1')
            .split('\n').length - 1;
        if (chunks++ % 100 === 0) peak = Math.max(peak, await memory());
      }
      expect(answer.status).toBe(200);
      expect(lines).toBe(format === 'csv' ? ALARMS + 1 : ALARMS + 2);
      expect(peak - before).toBeLessThan(MAX_GROWTH);
    },
    120_000,
  );
});
