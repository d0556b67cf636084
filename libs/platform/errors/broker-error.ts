/** What kind of refusal it is; the HTTP status follows from this alone. */
export type ErrorCategory =
  | 'malformed'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'outdated'
  | 'precondition-required'
  | 'invalid'
  | 'limited'
  | 'unavailable';

export interface Violation {
  /** JSON pointer into the request body, or the name of a query parameter. */
  pointer: string;
  detail: string;
}

/** A limit on how often something may be done. */
export interface Quota {
  /** Its name, for programs. */
  readonly policy: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * A refusal with a reason a caller can act on. Rooms throw these; nobody but the problem filter knows HTTP.
 */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';

  /** @param code stable machine name, `noun.reason`. @param detail one sentence for a person, no secrets. */
  constructor(
    readonly category: ErrorCategory,
    readonly code: string,
    detail: string,
    readonly options: {
      readonly retryAfterSeconds?: number;
      /** The limit that was reached. */
      readonly quota?: Quota;
      readonly violations?: Violation[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
  }
}

/** A refusal of what was sent, naming each place; the sentence is about the first. */
export function invalid(violations: Violation[]): BrokerError {
  const [first] = violations;
  const detail = first ? `${first.pointer.slice(1).replaceAll('/', '.')}: ${first.detail}` : undefined;
  return new BrokerError('invalid', 'request.invalid', detail ?? 'The request is not valid.', { violations });
}

/** The places where a key stands again: which of two should win is not for us to guess. */
export function duplicates(keys: readonly (string | undefined)[], list: string, field: string): Violation[] {
  const first = new Map<string, number>();
  return keys.flatMap((key, i) => {
    if (key === undefined) return [];
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, i);
    return earlier === undefined
      ? []
      : [{ pointer: `/${list}/${i}/${field}`, detail: `is the same as in ${list}[${earlier}]` }];
  });
}
