/**
 * Presses one key of the database in DATABASE_URL with the built api and prints, as JSON, the statements of that press with
 * their values: what pgbench has to run to do the very same. A process of its own, so that a benchmark carries no Nest.
 */
import pg from 'pg';

import type * as Platform from '#platform';

import type * as Api from '../../apps/api/api.module.ts';
import type * as RunServer from '../../apps/run-server.ts';
import type * as Schema from '../../apps/schema.ts';

const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href) as Promise<Module>;

interface Recorded {
  readonly connection: object;
  readonly text: string;
  readonly values: readonly unknown[];
}

const recorded: Recorded[] = [];
const ask = pg.Client.prototype.query as (this: object, ...question: unknown[]) => unknown;
pg.Client.prototype.query = function (this: object, ...question: unknown[]) {
  const [config] = question as [string | { text: string; values?: unknown[] }];
  if (typeof config === 'string') recorded.push({ connection: this, text: config, values: [] });
  else recorded.push({ connection: this, text: config.text, values: config.values ?? [] });
  return ask.call(this, ...question);
} as typeof pg.Client.prototype.query;

const { configurationFrom } = await built<typeof Platform>('libs/platform/index.js');
const { createServer } = await built<typeof RunServer>('apps/run-server.js');
const { ApiModule } = await built<typeof Api>('apps/api/api.module.js');
const { SCHEMA } = await built<typeof Schema>('apps/schema.js');

const { DATABASE_URL, RATE_LIMIT_PER_MINUTE, BENCH_KEY } = process.env as Record<string, string>;
const configuration = configurationFrom({ DATABASE_URL, RATE_LIMIT_PER_MINUTE });
const logDestination = { write: () => undefined };
const app = await createServer(ApiModule.forRoot({ ...configuration, schema: SCHEMA, logDestination }));
await app.listen(0, '127.0.0.1');
const press = async (): Promise<void> => {
  const answer = await fetch(`${await app.getUrl()}/v1/yealink/alarm?token=${BENCH_KEY}`);
  if (answer.status !== 200) throw new Error(`The press was answered ${answer.status}.`);
};
recorded.length = 0;
await press();
const insert = recorded.find(({ text }) => text.includes('INTO alarms'));
// Everything on that connection from BEGIN to COMMIT; the pulse and the bells talk on others.
const statements = recorded
  .filter(({ connection, text }) => connection === insert?.connection && !/^NOTIFY/.test(text))
  .map(({ text, values }) => ({ text, values: values.map((value) => marked(value)) }));
process.stdout.write(JSON.stringify(statements), () => process.exit(0));

/** Times must be told from texts on the other side. */
function marked(value: unknown): unknown {
  return value instanceof Date ? { time: value.getTime() } : { value };
}
