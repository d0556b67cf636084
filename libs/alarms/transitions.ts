import type { AlarmStatus } from './alarm.entity.ts';

/** What a person can do about an alarm. */
export type Command = 'acknowledge' | 'resolve' | 'cancel';

export interface Transition {
  readonly from: readonly AlarmStatus[];
  readonly to: Exclude<AlarmStatus, 'triggered'>;
}

/** The whole life of an alarm. Nothing leaves resolved or cancelled. */
export const TRANSITIONS: Readonly<Record<Command, Transition>> = {
  acknowledge: { from: ['triggered'], to: 'acknowledged' },
  resolve: { from: ['triggered', 'acknowledged'], to: 'resolved' },
  cancel: { from: ['triggered', 'acknowledged'], to: 'cancelled' },
};
