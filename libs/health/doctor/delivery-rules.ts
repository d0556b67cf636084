import { advice, error, ok, orElse, warning, type Finding } from './finding.ts';

/** Work that waits, and work that failed. */
export interface Deliveries {
  readonly now: Date;
  /** When the oldest of what is due became due; null when nothing is. */
  readonly oldestMessage: Date | null;
  readonly oldestStep: Date | null;
  /** Messages that failed for good lately, counted up to a limit. */
  readonly dead: number;
}

/** How long failures are held against an installation. */
export const DEAD_LETTER_DAYS = 7;
/** Counted so far and no further. */
export const DEAD_LETTERS_COUNTED = 100;

/** In health nothing is overdue for more than a moment: a sweep looks every second. */
const LATE_SECONDS = 10;
const VERY_LATE_SECONDS = 60;

/** Whether somebody is at work. */
export const examineDeliveries = ({ now, oldestMessage, oldestStep, dead }: Deliveries): readonly Finding[] =>
  orElse(
    [
      ...overdue('messages', 'A message that is due', now, oldestMessage),
      ...overdue('steps', 'A step that is due', now, oldestStep),
      ...deadLetters(dead),
    ],
    ok('delivery.ok', 'Nothing is overdue, and nothing failed for good lately.'),
  );

function overdue(what: string, noun: string, now: Date, since: Date | null): Finding[] {
  const seconds = since === null ? 0 : (now.getTime() - since.getTime()) / 1000;
  if (seconds < LATE_SECONDS) return [];
  return [
    (seconds < VERY_LATE_SECONDS ? warning : error)(
      `delivery.overdue-${what}`,
      `${noun} has been waiting for ${Math.floor(seconds)} seconds: no worker seems to be at work.`,
      'Start a worker, or look into its log and its /readyz.',
    ),
  ];
}

function deadLetters(dead: number): Finding[] {
  if (dead === 0) return [];
  const count = dead >= DEAD_LETTERS_COUNTED ? `${dead} or more` : String(dead);
  return [
    advice(
      'delivery.dead-letters',
      `In the last ${DEAD_LETTER_DAYS} days ${count} message${dead === 1 ? '' : 's'} failed for good, or nobody knows.`,
      'Read GET /v1/notifications for the reasons.',
    ),
  ];
}
