import { MESSAGE_LANGUAGES } from '#notifications';

import type { PartProps } from './part.ts';
import { Name, Said, said } from './said.tsx';
import { stopwatch } from './times.ts';
import { endOf, isAnsweredBy } from './visit.ts';

/** The head of the page: what has become of the alarm, and how long it has been waiting. */
export function Band(part: PartProps) {
  const { visit, words, times } = part;
  const { alarm } = visit.situation;
  const urgency = MESSAGE_LANGUAGES[visit.language].urgency[alarm.severity];
  const seconds = (times.now.getTime() - alarm.createdAt.getTime()) / 1000;
  const { head, who, since } = stateOf(part);
  return (
    <header>
      <p class="kind">
        {[alarm.silent ? words.silentAlarm : words.alarm, urgency].filter(Boolean).join(' · ')}
        {alarm.status === 'triggered' && (
          <span id="watch" class="watch" data-seconds={Math.floor(seconds)} aria-hidden="true">
            {stopwatch(seconds)}
          </span>
        )}
      </p>
      <div id="state" role="status">
        <p class="head">
          <Said text={head} who={<Name>{who ?? words.somebody}</Name>} />
        </p>
        {since !== undefined && <p class="since">{since}</p>}
      </div>
    </header>
  );
}

/** What a browser calls the page, and a screen reader says first. */
export function titleOf(part: PartProps, mark: string | undefined): string {
  const { visit, words } = part;
  const { head, who } = stateOf(part);
  const state = said(head, { who: who ?? words.somebody });
  const room = visit.situation.clock?.brief.room ?? words.unknownRoom;
  return [mark?.replace(/[ .:-].*$/, ''), state, room].filter(Boolean).join(' · ');
}

interface State {
  readonly head: string;
  readonly who: string | null;
  readonly since?: preact.JSX.Element;
}

function stateOf({ visit, words, times }: PartProps): State {
  const { alarm } = visit.situation;
  const end = endOf(visit.situation);
  if (end !== undefined) {
    const [head, by, plain] =
      alarm.status === 'resolved'
        ? [words.over, words.resolvedBy, words.resolved]
        : [words.falseAlarm, words.cancelledBy, words.cancelled];
    const since = (
      <>
        <Said text={end.by === null ? plain : by} who={<Name>{end.by ?? ''}</Name>} />, {times.full(end.at)}
      </>
    );
    return { head, who: end.by, since };
  }
  if (alarm.ackedAt === null) return { head: words.nobodyYet, who: null };
  return {
    head: isAnsweredBy(visit) ? words.youHaveIt : words.hasIt,
    who: alarm.ackedBy,
    since: <Said text={words.sinceTime} time={times.full(alarm.ackedAt)} />,
  };
}
