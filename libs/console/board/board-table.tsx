import { mayAct } from '#access';
import { shortId } from '#notifications';

import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Table, type Column } from '../components/table.tsx';
import { Age, Countdown } from '../components/time.tsx';
import { useView, useWords } from '../frame/view.ts';
import { PersonOf, PlaceOf, roomOf } from './alarm-place.tsx';
import { ALARM_WORDS, TONES } from './alarm-words.ts';
import type { BoardRow } from './board-rows.ts';
import { BOARD_WORDS } from './board-words.ts';

/** The alarms of one page; with ways to answer them for who may. */
export function BoardTable({ rows }: { rows: readonly BoardRow[] }) {
  const { principal } = useView();
  const words = useWords(BOARD_WORDS);
  const mayAnswer = principal !== null && mayAct(principal, 'responder');
  const columns: Column<BoardRow>[] = [
    { label: words.state, cell: (row) => <StateOf {...row} />, class: 'state' },
    { label: words.where, cell: (row) => <PlaceOf {...row} />, isHeader: true },
    { label: words.who, cell: (row) => <PersonOf {...row} /> },
    { label: words.told, cell: (row) => <ToldOf {...row} /> },
    { label: words.answer, cell: (row) => <AnswerOf {...row} mayAnswer={mayAnswer} /> },
  ];
  if (mayAnswer) {
    columns.unshift({
      label: words.selection,
      isLabelUnseen: true,
      cell: (row) => <Tick {...row} />,
      class: 'tick',
    });
  }
  return (
    <Table
      caption={words.title}
      columns={columns}
      rows={rows}
      keyOf={({ alarm }) => alarm.id}
      rowClass={({ alarm }) => alarm.status}
    />
  );
}

function Tick(row: BoardRow) {
  const words = useWords(BOARD_WORDS);
  const { unknownRoom } = useWords(ALARM_WORDS);
  const name = `${roomOf(row, unknownRoom)}, ${shortId(row.alarm.id)}`;
  return <input type="checkbox" name="alarm" value={row.alarm.id} aria-label={words.select(name)} />;
}

function StateOf({ alarm, escalation }: BoardRow) {
  const words = useWords(ALARM_WORDS);
  return (
    <>
      <Badge tone={TONES[alarm.status]}>{words.status[alarm.status]}</Badge>
      <span class="age">
        <Age since={alarm.createdAt} />
      </span>
      <span class="severity">{alarm.severity}</span>
      {escalation?.brief.drill === true && <Badge tone="warn">{words.drill}</Badge>}
    </>
  );
}

function ToldOf({ tally }: BoardRow) {
  const words = useWords(BOARD_WORDS);
  if (tally.planned === 0) return <span class="quiet">{words.nobodyTold}</span>;
  return (
    <>
      {words.toldOf(tally.told, tally.planned)}
      {tally.failed > 0 && <span class="trouble">{words.notReached(tally.failed)}</span>}
    </>
  );
}

function AnswerOf({ alarm, escalation, mayAnswer }: BoardRow & { mayAnswer: boolean }) {
  const words = useWords(BOARD_WORDS);
  const { commands } = useWords(ALARM_WORDS);
  const name = shortId(alarm.id);
  if (alarm.status !== 'triggered') {
    const by = alarm.resolvedBy ?? alarm.cancelledBy ?? alarm.ackedBy;
    const at = alarm.resolvedAt ?? alarm.cancelledAt ?? alarm.ackedAt;
    return (
      <>
        <bdi>{by ?? '–'}</bdi>
        {at !== null && (
          <span class="around">
            <Age since={at} />
          </span>
        )}
      </>
    );
  }
  return (
    <div class="waiting">
      {mayAnswer && (
        <Button name="one" value={alarm.id} shortcut="a" label={words.acknowledgeOne(name)}>
          {commands.acknowledge}
        </Button>
      )}
      <Prospect {...escalation} />
    </div>
  );
}

/** What happens if nobody answers. */
function Prospect({ nextStepAt = null, endedBy = null }: Partial<NonNullable<BoardRow['escalation']>>) {
  const words = useWords(BOARD_WORDS);
  if (endedBy === 'exhausted') return <span class="trouble">{words.exhausted}</span>;
  if (nextStepAt === null) return null;
  return (
    <span class="around">
      {words.nextStep} <Countdown until={nextStepAt} />
    </span>
  );
}
