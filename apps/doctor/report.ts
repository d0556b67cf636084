import { SEVERITIES, worstOf, type Finding, type Severity } from '#health';

const MARKS: Record<Severity, string> = {
  ok: 'ok      ',
  advice: 'advice  ',
  warning: 'WARNING ',
  error: 'ERROR   ',
};

/** For scripts: whether somebody should look today (1) or now (2). Advice may be declined, so it counts as well. */
export const EXIT_CODES: Record<Severity, 0 | 1 | 2> = { ok: 0, advice: 0, warning: 1, error: 2 };

export const exitCodeOf = (findings: readonly Finding[]): number => EXIT_CODES[worstOf(findings)];

/** For people: a line for what is the case, one for what to do about it, and a last one that counts. */
export const inWords = (findings: readonly Finding[]): string =>
  [
    ...findings.flatMap(({ severity, says, remedy }) => [
      `${MARKS[severity]}${says}`,
      ...(remedy === undefined ? [] : [`        → ${remedy}`]),
    ]),
    '',
    summary(findings),
  ].join('\n');

/** For programs. */
export const inJson = (findings: readonly Finding[]): string =>
  JSON.stringify({ worst: worstOf(findings), findings }, null, 2);

function summary(findings: readonly Finding[]): string {
  const counted = SEVERITIES.toReversed().map(
    (severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const,
  );
  const words = {
    error: ['error', 'errors'],
    warning: ['warning', 'warnings'],
    advice: ['piece of advice', 'pieces of advice'],
    ok: ['ok', 'ok'],
  };
  return counted.map(([severity, count]) => `${count} ${words[severity][count === 1 ? 0 : 1]}`).join(', ');
}
