import { BrokerError } from '../errors/broker-error.ts';

/** SQLSTATE or Node's code, and the words, of a database error. */
function factsOf(error: unknown): { code: string; message: string } {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' };
}

/** The statement lost a race that another try would not lose: serialization failure or deadlock. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01'].includes(factsOf(error).code);

/** The constraint a statement would have broken: a reference to nothing, or a key that is taken. */
export function brokenConstraint(
  error: unknown,
): { kind: 'reference' | 'unique'; table: string; constraint: string } | undefined {
  const { code } = factsOf(error);
  if (code !== '23503' && code !== '23505') return undefined;
  const { table, constraint } = Object(error) as { table?: string; constraint?: string };
  if (table === undefined || constraint === undefined) return undefined;
  return { kind: code === '23503' ? 'reference' : 'unique', table, constraint };
}

/**
 * The server is away, shutting down, full, or a standby that must not be written to; or it gave up on a statement or on
 * waiting for a lock (57014, 55P03), which is as much as to say that it is too busy.
 */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = factsOf(error);
  return (
    /^(08...|57P0[1-5]|57014|55P03|53...|25006|25P03)$/.test(code) ||
    /^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    // Closed by an administrator for a while, as for a restore. Its code stands for other things as well.
    /is not currently accepting connections|timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Client was closed/i.test(
      message,
    )
  );
}

/** The statement names a table, a column or a function that is not there: the schema is another release's. */
export const isMissing = (error: unknown): boolean =>
  ['42P01', '42703', '42883'].includes(
    factsOf(error instanceof BrokerError ? error.options.cause : error).code,
  );

/**
 * The error a caller should see: an absent server becomes a refusal that asks to try again. So does a schema that is
 * not ours, for in the middle of an upgrade another process can do what this one cannot.
 */
export function translated(error: unknown): unknown {
  if (error instanceof BrokerError) return error;
  if (isMissing(error)) {
    return new BrokerError(
      'unavailable',
      'database.other-release',
      'The database is that of another release at the moment.',
      { retryAfterSeconds: 2, cause: error },
    );
  }
  if (!isUnavailable(error)) return error;
  return new BrokerError(
    'unavailable',
    'database.unavailable',
    'The database cannot be reached at the moment.',
    {
      retryAfterSeconds: 2,
      cause: error,
    },
  );
}
