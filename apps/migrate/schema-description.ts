import type pg from 'pg';

/** Everything in a schema that can make a difference, one line a thing. `$1` is its name. */
const PARTS: Readonly<Record<string, string>> = {
  table: `
    SELECT c.relname, concat_ws(' ', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END, array_to_string(c.reloptions, ', '))
    FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p')`,
  column: `
    SELECT c.relname || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                     NULLIF('identity ' || a.attidentity::text, 'identity '), 'default ' || pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
  constraint: `
    SELECT c.relname || '.' || k.conname,
           pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = $1::regnamespace
      AND k.contype <> 'n'`,
  index: `
    SELECT i.relname, pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relnamespace = $1::regnamespace`,
  trigger: `
    SELECT c.relname || '.' || t.tgname,
           pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' (switched ' || t.tgenabled::text || ')' END
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = $1::regnamespace AND NOT t.tgisinternal`,
  function: `
    SELECT p.proname, pg_get_functiondef(p.oid)
    FROM pg_proc p WHERE p.pronamespace = $1::regnamespace AND p.prokind = 'f'`,
};

/** Of TypeORM, which keeps its own ledger of what has run. */
const LEDGER = /^migrations\b|^PK_.*$/;

/** A schema in words: what each thing is, by kind and name. Says nothing of the schema's own name. */
export async function describeSchema(
  client: pg.Client,
  schema: string,
): Promise<ReadonlyMap<string, string>> {
  const things = new Map<string, string>();
  const ownName = new RegExp(`\\b${schema}\\.`, 'g');
  for (const [kind, sql] of Object.entries(PARTS)) {
    const { rows } = await client.query<[string, string]>({
      text: `SELECT * FROM (${sql}) things (name, words) ORDER BY 1, 2`,
      values: [schema],
      rowMode: 'array',
    });
    for (const [name, is] of rows) {
      if (!LEDGER.test(name)) things.set(`${kind} ${name}`, is.replace(ownName, ''));
    }
  }
  return things;
}

/** What is there and should not be, is missing, or is not as it should be: a sentence each. */
export function differences(is: ReadonlyMap<string, string>, should: ReadonlyMap<string, string>): string[] {
  const missing = [...should.keys()].filter((thing) => !is.has(thing)).map((thing) => `${thing} is missing.`);
  const different = [...is].flatMap(([thing, words]) => {
    const wanted = should.get(thing);
    if (wanted === undefined) return [`${thing} belongs to no migration: ${words}`];
    return wanted === words ? [] : [`${thing} is "${words}" and should be "${wanted}".`];
  });
  return [...missing, ...different];
}
