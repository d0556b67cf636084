import { MAX_ACTOR, MAX_NOTE } from '#alarms';
import { newId } from '#platform';

import type { Action } from './answer-form.ts';
import type { PartProps } from './part.ts';
import { partOf, type Part } from './visit.ts';

/** The one large button of each part, if there is one. */
const MAIN = {
  nobody: ['acknowledge', 'takeIt'],
  mine: ['on-way', 'onWay'],
  others: ['on-way', 'onWay'],
  'on-way': ['there', 'there'],
  there: undefined,
  over: undefined,
} as const satisfies Record<Part, readonly [Action, 'takeIt' | 'onWay' | 'there'] | undefined>;

/** Everything the visitor can do now. A person who has not yet acknowledged is asked for nothing else. */
export function Deeds(part: PartProps) {
  const { visit, words } = part;
  const role = partOf(visit);
  const main = MAIN[role];
  return (
    <>
      {role !== 'nobody' && (
        <>
          {role !== 'over' && <Closing {...part} />}
          {role !== 'over' && <FalseAlarm {...part} />}
          <Note {...part} />
        </>
      )}
      {main !== undefined && (
        <form method="post" class={visit.outcome === undefined ? 'main' : 'main settling'}>
          <NameField {...part} />
          <button class="large" name="action" value={main[0]}>
            {words[main[1]]}
          </button>
        </form>
      )}
    </>
  );
}

function Closing(part: PartProps) {
  const { words } = part;
  return (
    <Fold summary={words.itIsOver}>
      <label>
        {words.whatHappened}
        <textarea name="note" rows={2} maxLength={MAX_NOTE} />
      </label>
      <NameField {...part} />
      <button name="action" value="resolve">
        {words.resolve}
      </button>
    </Fold>
  );
}

function FalseAlarm(part: PartProps) {
  const { words } = part;
  return (
    <Fold summary={words.itWasFalse}>
      <fieldset>
        <legend>{words.why}</legend>
        {[...words.reasons, words.otherReason].map((reason) => (
          <label class="choice">
            <input type="radio" name="reason" value={reason} required /> {reason}
          </label>
        ))}
      </fieldset>
      <label>
        {words.moreAbout}
        <input name="note" maxLength={MAX_NOTE} />
      </label>
      <NameField {...part} />
      <button name="action" value="cancel">
        {words.callOff}
      </button>
    </Fold>
  );
}

function Note(part: PartProps) {
  const { words } = part;
  return (
    <Fold summary={words.addNote}>
      {/* Sent twice, it is kept once. */}
      <input type="hidden" name="note_id" value={newId()} />
      <label>
        {words.note}
        <textarea name="note" rows={2} maxLength={MAX_NOTE} required />
      </label>
      <NameField {...part} />
      <button name="action" value="note">
        {words.saveNote}
      </button>
    </Fold>
  );
}

/** One of them is open at a time; what ends an alarm takes two taps in different places. */
function Fold({ summary, children }: { summary: string; children: preact.ComponentChildren }) {
  return (
    <details name="deed">
      <summary>{summary}</summary>
      <form method="post">{children}</form>
    </details>
  );
}

/** Always there to be seen: on a phone that goes from hand to hand it may be the name of somebody else. */
function NameField({ visit, words }: PartProps) {
  return (
    <label class="name">
      {words.yourName}
      <input
        name="acked_by"
        maxLength={MAX_ACTOR}
        autocomplete="name"
        autocapitalize="words"
        dir="auto"
        enterkeyhint="send"
        value={visit.name ?? ''}
      />
    </label>
  );
}
