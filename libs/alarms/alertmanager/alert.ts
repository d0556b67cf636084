import { cleanLine, invalid } from '#platform';

import { SEVERITIES, type Severity } from '../alarm.entity.ts';

/** The version of Alertmanager's webhook format that is understood here. */
const VERSION = '4';
const MAX_WORD = 200;
const MAX_TEXT = 5000;
const MAX_LABELS = 64;

/** One alert as Alertmanager tells of it, reduced to what can be kept. */
export interface Alert {
  readonly status: 'firing' | 'resolved';
  /** The same as long as its labels are; what Alertmanager knows it by. */
  readonly fingerprint: string;
  readonly event: string;
  readonly severity: Severity;
  readonly place: {
    readonly personId: string | null;
    readonly roomId: string | null;
    readonly siteId: string | null;
  };
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An alert that cannot be understood, by its place in the list. */
export interface BadAlert {
  readonly index: number;
  readonly detail: string;
}

export interface Alerts {
  readonly alerts: readonly (Alert | BadAlert)[];
  /** How many Alertmanager left out, because it was told to send no more. */
  readonly truncated: number;
}

const BY_WORD = new Map<string, Severity>([
  ...SEVERITIES.map((severity) => [severity.toLowerCase(), severity] as const),
  ['critical', 'P0'],
  ['error', 'P1'],
  ['high', 'P1'],
  ['warning', 'P2'],
  ['info', 'P3'],
]);
/** Somebody found it worth an alert, and did not say how urgent it is. */
const UNKNOWN_SEVERITY: Severity = 'P1';

/**
 * Reads the body of a webhook of Alertmanager. What others have added to the format is ignored; an alert that
 * cannot be understood takes none of the others with it.
 *
 * @throws BrokerError `request.invalid` for what is not this format.
 */
export function readAlerts(body: unknown): Alerts {
  const { version, alerts, truncatedAlerts } = recordOf(body) ?? {};
  const violations = [
    ...(version === VERSION ? [] : [{ pointer: '/version', detail: `must be "${VERSION}"` }]),
    ...(Array.isArray(alerts) ? [] : [{ pointer: '/alerts', detail: 'must be a list' }]),
  ];
  if (!Array.isArray(alerts) || violations.length > 0) throw invalid(violations);
  return {
    alerts: alerts.map(readAlert),
    truncated: typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? truncatedAlerts : 0,
  };
}

function readAlert(sent: unknown, index: number): Alert | BadAlert {
  const alert = recordOf(sent);
  if (alert === undefined) return { index, detail: 'is not an object' };
  const { status } = alert;
  if (status !== 'firing' && status !== 'resolved')
    return { index, detail: 'status: must be firing or resolved' };
  const fingerprint = line(alert['fingerprint']);
  if (fingerprint === undefined) return { index, detail: 'fingerprint: must be a word' };
  const labels = recordOf(alert['labels']);
  if (labels === undefined) return { index, detail: 'labels: must be an object' };
  const annotations = recordOf(alert['annotations']) ?? {};
  return {
    status,
    fingerprint,
    event: line(labels['alertname']) ?? 'alert',
    severity: BY_WORD.get(line(labels['severity'])?.toLowerCase() ?? '') ?? UNKNOWN_SEVERITY,
    place: {
      personId: line(labels['person_id']) ?? null,
      roomId: line(labels['room_id']) ?? null,
      siteId: line(labels['site_id']) ?? null,
    },
    facts: without({
      title: line(annotations['summary']),
      description: text(annotations['description']),
      fingerprint,
      starts_at: line(alert['startsAt']),
      generator_url: line(alert['generatorURL'], 2000),
      labels: wordsIn(labels),
    }),
  };
}

const recordOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

function line(value: unknown, maxLength = MAX_WORD): string | undefined {
  return typeof value === 'string' ? cleanLine(value, maxLength) || undefined : undefined;
}

/** Several lines, of what can be stored. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const kept = value.split('\n').map((part) => cleanLine(part, MAX_TEXT));
  return (
    kept
      .join('\n')
      .trim()
      .slice(0, MAX_TEXT)
      .replace(/\p{Cs}/gu, '') || undefined
  );
}

const wordsIn = (labels: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels)
      .slice(0, MAX_LABELS)
      .flatMap(([key, value]) => {
        const name = line(key);
        const word = line(value);
        return name === undefined || word === undefined ? [] : [[name, word]];
      }),
  );

const without = (facts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
