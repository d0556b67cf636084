import { mayAct } from '#access';
import type { NotificationRecord } from '#notifications';

import { ALARM_WORDS } from '../board/alarm-words.ts';
import { Badge, type Tone } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Form } from '../components/form.tsx';
import { Countdown, duration, Moment } from '../components/time.tsx';
import { useView, useWords } from '../frame/view.ts';
import { COURSE_WORDS } from './course-words.ts';
import type { Station } from './course.ts';

const TONES: Readonly<Record<NotificationRecord['status'], Tone>> = {
  scheduled: 'quiet',
  sending: 'quiet',
  sent: 'done',
  delivered: 'done',
  failed: 'alarm',
  ambiguous: 'warn',
  skipped: 'quiet',
  withdrawn: 'quiet',
};

/** The course of an alarm in words: who was told when and how it went, who answered, who would be told next. */
export function CourseList({ stations, zone }: { stations: readonly Station[]; zone: string | undefined }) {
  const began = stations[0]?.at ?? new Date(0);
  return (
    <ol class="course">
      {stations.map((station) => (
        <li
          key={keyOf(station)}
          data-key={keyOf(station)}
          class={station.kind === 'answer' ? station.status : station.kind}
        >
          <StationOf station={station} zone={zone} after={station.at.getTime() - began.getTime()} />
        </li>
      ))}
    </ol>
  );
}

function keyOf(station: Station): string {
  if (station.kind === 'step') return `step ${station.round} ${station.stepNo}`;
  if (station.kind === 'to-come') return `to come ${station.step.stepNo}`;
  return station.kind === 'answer' ? station.status : station.kind;
}

interface StationProps {
  readonly station: Station;
  readonly zone: string | undefined;
  /** Milliseconds since the press. */
  readonly after: number;
}

function StationOf({ station, zone, after }: StationProps) {
  const words = useWords(COURSE_WORDS);
  const { status } = useWords(ALARM_WORDS);
  const when = (
    <span class="when">
      <Moment at={station.at} zone={zone} /> {after > 0 && <span class="quiet">{`+${duration(after)}`}</span>}
    </span>
  );
  switch (station.kind) {
    case 'press':
      return (
        <h3>
          {words.pressed} {when}
        </h3>
      );
    case 'answer':
      return (
        <h3>
          {status[station.status]} {station.by !== null && <bdi>{words.by(station.by)}</bdi>} {when}
        </h3>
      );
    case 'step':
      return (
        <>
          <h3>
            {words.step(station.stepNo + 1, station.round)} {when}
          </h3>
          <TellingList told={station.told} zone={zone} />
        </>
      );
    case 'to-come':
      return (
        <>
          <h3>
            {words.step(station.step.stepNo + 1, 0)}{' '}
            <span class="when">
              {words.inTime} <Countdown until={station.at} />
            </span>
          </h3>
          <ul class="telling">
            {station.step.targets.map(({ label, channel, enabled }) => (
              <li key={label}>
                <bdi>{label}</bdi> <span class="quiet">{words.channels[channel] ?? channel}</span>{' '}
                {!enabled && <Badge tone="quiet">{words.disabled}</Badge>}
              </li>
            ))}
          </ul>
        </>
      );
  }
}

/** Who was told of something, and how that went. */
export function TellingList({
  told,
  zone,
}: {
  told: readonly NotificationRecord[];
  zone: string | undefined;
}) {
  const words = useWords(COURSE_WORDS);
  return (
    <ul class="telling">
      {told.map((record) => (
        <li key={record.id} data-key={record.id}>
          <bdi>{record.label}</bdi>{' '}
          <span class="quiet">
            {words.channels[record.channel] ?? record.channel}
            {record.maskedAddress !== null && <bdi> {record.maskedAddress}</bdi>}
          </span>{' '}
          <Badge tone={TONES[record.status]}>{words.states[record.status]}</Badge>{' '}
          {record.finishedAt !== null && (
            <span class="quiet small">
              <Moment at={record.finishedAt} zone={zone} />
            </span>
          )}{' '}
          {record.attempts > 1 && <span class="quiet small">{words.attempts(record.attempts)}</span>}
          {record.reason !== null && (
            <span class="reason" lang="en">
              {record.reason}
            </span>
          )}
          <Resend record={record} />
        </li>
      ))}
    </ul>
  );
}

/** For what did not arrive, or nobody knows. */
function Resend({ record }: { record: NotificationRecord }) {
  const { principal } = useView();
  const words = useWords(COURSE_WORDS);
  const isDead = record.status === 'failed' || record.status === 'ambiguous';
  if (!isDead || record.withdrawnAt !== null || principal === null || !mayAct(principal, 'responder'))
    return null;
  return (
    <Form
      action={`/admin/alarms/${record.alarmId}/resend`}
      class="resend"
      title={words.resendTo(record.label)}
    >
      <input type="hidden" name="notification" value={record.id} />
      <Button kind="quiet" label={words.resendTo(record.label)}>
        {words.resend}
      </Button>
    </Form>
  );
}
