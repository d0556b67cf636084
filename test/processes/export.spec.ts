import { readFile } from 'node:fs/promises';

import { Client } from 'pg';

import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { ADMIN_KEY } from '../support/world.ts';

const ALARMS = 200_000;
const FILL = `
  INSERT INTO alarms (id, status, source, event, severity, silent, created_at, ack_token, meta)
  SELECT gen_random_uuid(), 'resolved', 'yealink', 'alarm.trigger', 'P0', true,
         '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute', 'token-' || n,
         jsonb_build_object('received_at', now(), 'client_ip', '10.0.0.1', 'user_agent', 'Yealink SIP-T54W')
  FROM generate_series(1, ${ALARMS}) n`;
const MB = 1024 * 1024;

describe('the export of 200,000 alarms', () => {
  let database: TestDatabase;
  let api: AppProcess;
  let url: string;

  beforeAll(async () => {
    database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(FILL);
    await client.query('ANALYZE alarms');
    await client.end();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    api = await AppProcess.start('api', {
      DATABASE_URL: database.url,
      ADMIN_API_KEY: ADMIN_KEY,
      PORT: String(port),
      LISTEN_HOST: '127.0.0.1',
    });
    await api.waitForReady(`${url}/readyz`);
  });

  afterAll(async () => {
    await api.kill();
    await database.drop();
  });

  /** Bytes of real memory, as the kernel counts them. */
  const memory = async (): Promise<number> => {
    const status = await readFile(`/proc/${api.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  };

  /** Reads the whole answer, looking at the memory of the api all along. */
  const read = async (query: string) => {
    const response = await fetch(`${url}/v1/alarms/export?${query}`, {
      headers: { 'X-Admin-Key': ADMIN_KEY },
    });
    expect(response.status).toBe(200);
    let lines = 0;
    let bytes = 0;
    let peak = 0;
    for await (const chunk of response.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      for (const byte of chunk) if (byte === 10) lines += 1;
      peak = Math.max(peak, await memory());
    }
    return { lines, bytes, peak };
  };

  it.each([
    // An array bracket before and after, a line for each alarm.
    ['json', ALARMS + 2],
    ['csv', ALARMS + 1],
  ])('streams them as %s, all of them, in less than 50 MB more than before', async (format, lines) => {
    const before = await memory();

    const answer = await read(`format=${format}`);

    expect(answer.lines).toBe(lines);
    expect(answer.bytes).toBeGreaterThan(20 * MB);
    expect((answer.peak - before) / MB).toBeLessThan(50);
  });
});
