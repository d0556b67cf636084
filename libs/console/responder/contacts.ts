import type { Told } from '#notifications';

type Reached = Extract<
  Told['status'],
  'delivered' | 'sent' | 'ambiguous' | 'sending' | 'scheduled' | 'failed'
>;

/** One target and the best that came of all tries to alert it. */
export interface Contact extends Told {
  readonly status: Reached;
}

const BEST_FIRST: readonly Told['status'][] = [
  'delivered',
  'sent',
  'ambiguous',
  'sending',
  'scheduled',
  'failed',
];

const isReached = (told: Told): told is Contact => BEST_FIRST.includes(told.status);

/**
 * Whom a plan has alerted, once each although it may be repeated, in the order in which they came first. Who was passed
 * over, or not told because somebody answered before, is none of them.
 */
export function contactsOf(told: readonly Told[]): Contact[] {
  const tries = Map.groupBy(told.filter(isReached), ({ label, channel }) => `${channel} ${label}`);
  return [...tries.values()].flatMap((some) =>
    some.toSorted((a, b) => BEST_FIRST.indexOf(a.status) - BEST_FIRST.indexOf(b.status)).slice(0, 1),
  );
}
