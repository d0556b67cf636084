import { MAX_NOTE, type Command } from '#alarms';

import { PersonOf, PlaceOf } from '../board/alarm-place.tsx';
import { ALARM_WORDS } from '../board/alarm-words.ts';
import type { BoardRow } from '../board/board-rows.ts';
import { Confirm } from '../components/confirm.tsx';
import { TextField } from '../components/field.tsx';
import { useWords } from '../frame/view.ts';
import { ANSWER_WORDS } from './answer-words.ts';

const MOST_SHOWN = 12;

interface ConfirmAnswerProps {
  readonly question: string;
  readonly command: Command;
  readonly rows: readonly BoardRow[];
  readonly back: string;
  /** What was already said about it. */
  readonly note: string;
}

/** Shows what is about to be answered, and asks for a word about it. */
export function ConfirmAnswer({ question, command, rows, back, note }: ConfirmAnswerProps) {
  const words = useWords(ANSWER_WORDS);
  const { commands } = useWords(ALARM_WORDS);
  return (
    <Confirm
      question={question}
      doIt={words.doIt(commands[command], rows.length)}
      dangerous={command === 'cancel'}
      action="/admin/answers"
      back={back}
    >
      <input type="hidden" name="command" value={command} />
      <input type="hidden" name="back" value={back} />
      {rows.map(({ alarm }) => (
        <input type="hidden" name="alarm" value={alarm.id} key={alarm.id} />
      ))}
      <ul class="affected">
        {rows.slice(0, MOST_SHOWN).map((row) => (
          <li key={row.alarm.id}>
            <div>
              <PlaceOf {...row} />
            </div>
            <div>
              <PersonOf {...row} />
            </div>
          </li>
        ))}
        {rows.length > MOST_SHOWN && <li class="quiet">{words.andMore(rows.length - MOST_SHOWN)}</li>}
      </ul>
      <TextField
        name="note"
        label={words.note}
        hint={words.noteHint}
        rows={3}
        maxLength={MAX_NOTE}
        value={note}
      />
    </Confirm>
  );
}
