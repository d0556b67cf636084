/** In the order of their weight. Advice may be declined; a warning will hurt one day; an error hurts already. */
export const SEVERITIES = ['ok', 'advice', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something the doctor has looked at. Holds no secret, no phone number and no mail address. */
export interface Finding {
  readonly severity: Severity;
  /** Stays the same over releases, `part.finding`; the part says what was examined. */
  readonly code: string;
  /** What is the case, in one sentence. */
  readonly says: string;
  /** What to do about it, in one sentence; nothing where all is well. */
  readonly remedy?: string;
}

const found =
  (severity: Severity) =>
  (code: string, says: string, remedy: string): Finding => ({ severity, code, says, remedy });

export const ok = (code: string, says: string): Finding => ({ severity: 'ok', code, says });
export const advice = found('advice');
export const warning = found('warning');
export const error = found('error');

/** What was found, or that nothing was. */
export const orElse = (findings: readonly Finding[], well: Finding): readonly Finding[] =>
  findings.length === 0 ? [well] : findings;

/** The weight of the heaviest. */
export function worstOf(findings: readonly Finding[]): Severity {
  const weights = findings.map(({ severity }) => SEVERITIES.indexOf(severity));
  return SEVERITIES[Math.max(0, ...weights)] ?? 'ok';
}

/** How many things are named before the rest is counted. */
const NAMED = 5;

/** `device phone-1`, `devices a, b and c`, `devices a, b, c, d, e and 12 others`. */
export function named(noun: string, names: readonly string[]): string {
  const shown = names.length > NAMED ? names.slice(0, NAMED) : names.slice(0, -1);
  const last = names.length > NAMED ? `${names.length - NAMED} others` : (names.at(-1) ?? '');
  const list = shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
  return `${noun}${names.length === 1 ? '' : 's'} ${list}`;
}
