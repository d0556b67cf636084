import type { Alarm } from '#alarms';
import type { Outlook } from '#escalation';
import type { NotificationRecord } from '#notifications';

/** One thing after the other, as it happened to an alarm or will happen to it. */
export type Station =
  | { readonly kind: 'press'; readonly at: Date }
  | {
      readonly kind: 'step';
      readonly at: Date;
      readonly round: number;
      readonly stepNo: number;
      readonly told: readonly NotificationRecord[];
    }
  | { readonly kind: 'answer'; readonly at: Date; readonly status: Answer; readonly by: string | null }
  | { readonly kind: 'to-come'; readonly at: Date; readonly step: Outlook['steps'][number] };

export type Answer = 'acknowledged' | 'resolved' | 'cancelled';

/** The course of an alarm in order of time; what is still to come stands at the end, as long as nobody has answered. */
export function courseOf(
  alarm: Alarm,
  notifications: readonly NotificationRecord[],
  outlook: Outlook | undefined,
): Station[] {
  const alerts = notifications.filter(({ purpose }) => purpose === 'alert');
  const steps = Map.groupBy(alerts, ({ round, stepNo }) => `${round} ${stepNo}`);
  const happened: Station[] = [
    ...[...steps.values()].flatMap((told): Station[] => {
      const [first] = told;
      if (first === undefined) return [];
      return [{ kind: 'step', at: first.createdAt, round: first.round, stepNo: first.stepNo ?? 0, told }];
    }),
    ...answerOf('acknowledged', alarm.ackedAt, alarm.ackedBy),
    ...answerOf('resolved', alarm.resolvedAt, alarm.resolvedBy),
    ...answerOf('cancelled', alarm.cancelledAt, alarm.cancelledBy),
  ];
  return [
    { kind: 'press', at: alarm.createdAt },
    ...happened.sort((a, b) => a.at.getTime() - b.at.getTime()),
    ...(outlook?.steps ?? []).map((step): Station => ({ kind: 'to-come', at: step.at, step })),
  ];
}

const answerOf = (status: Answer, at: Date | null, by: string | null): Station[] =>
  at === null ? [] : [{ kind: 'answer', at, status, by }];

/** What is told besides: news of an answer, to tickets and other programs. */
export const followUpsOf = (notifications: readonly NotificationRecord[]): NotificationRecord[] =>
  notifications.filter(({ purpose }) => purpose !== 'alert');
