import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run migrate [-- COMMAND]

  (no command)  brings the database at DATABASE_URL up to this release
  --dry-run     prints the SQL that would run, and runs none of it
  status        what has run, what has not, and who may work here (the floor)
  verify        compares the database with what the migrations make; exit code 1 where it differs
  --help        this text`;

export type Command = 'migrate' | 'dry-run' | 'status' | 'verify' | 'help';

/** What was asked for; nothing for words that are no command, of which none may migrate by mistake. */
export function commandOf(args: readonly string[]): Command | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'dry-run': flag, help: { ...flag, short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const [word, ...further] = positionals;
    if (further.length > 0 || (values['dry-run'] && word !== undefined)) return undefined;
    if (values['dry-run']) return 'dry-run';
    if (word === undefined) return 'migrate';
    return word === 'status' || word === 'verify' ? word : undefined;
  } catch {
    return undefined;
  }
}
