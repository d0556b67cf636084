import { MESSAGE_LANGUAGES } from '#notifications';

import { render } from '../page.tsx';
import { Band, titleOf } from './band.tsx';
import { Facts } from './facts.tsx';
import { Deeds } from './forms.tsx';
import { Frame } from './frame.tsx';
import type { PartProps } from './part.ts';
import { Name, Said } from './said.tsx';
import { Times } from './times.ts';
import { partOf, type Visit } from './visit.ts';
import { WORDS } from './words.ts';

/**
 * One screen for a person under stress: what is the matter, where, who, since when, what has been done, and one button.
 * It needs no script. Where one runs, it replaces the parts that have an id and a newer version.
 */
export function responderPage(visit: Visit): string {
  const { situation, language, now } = visit;
  const words = WORDS[language];
  const times = new Times(now, situation.clock?.brief.timeZone ?? visit.timeZone, language);
  const part: PartProps = { visit, words, times };
  const mark = markOf(visit);
  const { status, version } = situation.alarm;
  const isLive = status === 'triggered' || status === 'acknowledged';
  return render(
    <Frame language={language} title={titleOf(part, mark)} state={status} isLive={isLive}>
      {mark !== undefined && <p class="mark">{mark}</p>}
      <Band {...part} />
      <Notice {...part} />
      <p id="advice">{adviceOf(part)}</p>
      <Facts {...part} />
      <div id="deeds" data-version={`${status} ${version}`}>
        <Deeds {...part} />
      </div>
      <footer>
        <span id="as-of">
          <Said text={words.asOf} time={times.full(now)} />
        </span>
        <a href="">{words.refresh}</a>
      </footer>
      <p id="lost" role="alert" hidden>
        {words.lost}
      </p>
    </Frame>,
  );
}

/** What stands above everything that is not in earnest, as in the messages. */
function markOf({ situation: { clock }, language }: Visit): string | undefined {
  const { marks } = MESSAGE_LANGUAGES[language];
  if (clock?.brief.simulated) return marks.simulation;
  return clock?.brief.drill ? marks.drill : undefined;
}

function Notice({ visit: { outcome, situation }, words }: PartProps) {
  const { status, ackedBy } = situation.alarm;
  if (outcome === 'note-saved') return <p class="notice">{words.noteSaved}</p>;
  if (outcome !== 'too-late') return null;
  if (status !== 'acknowledged') return <p class="notice">{words.overAlready}</p>;
  if (ackedBy === null) return <p class="notice">{words.fasterNameless}</p>;
  return (
    <p class="notice">
      <Said text={words.faster} who={<Name>{ackedBy}</Name>} />
    </p>
  );
}

/** What to do next. Before anybody has answered, the button says it. */
function adviceOf({ visit, words }: PartProps): string {
  const role = partOf(visit);
  return role === 'nobody' ? '' : words.next[role];
}
