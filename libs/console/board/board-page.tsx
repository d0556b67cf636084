import { mayAct } from '#access';
import { SEVERITIES, TRANSITIONS, type Command } from '#alarms';

import { Button, ButtonLink } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { SelectField, TextField } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Age } from '../components/time.tsx';
import { useView, useWords } from '../frame/view.ts';
import { ALARM_WORDS } from './alarm-words.ts';
import { boardAddress, boardQuery, SELECTIONS, type BoardQuery, type Selection } from './board-query.ts';
import type { BoardState } from './board-rows.ts';
import { BoardTable } from './board-table.tsx';
import { BOARD_WORDS } from './board-words.ts';
import { KeyHelp } from './key-help.tsx';

interface BoardProps {
  readonly query: BoardQuery;
  readonly state: BoardState;
  readonly sites: readonly { readonly id: string; readonly name: string }[];
}

/** What is going on right now, and what went on. */
export function Board({ query, state, sites }: BoardProps) {
  const words = useWords(BOARD_WORDS);
  return (
    <>
      <div class="board-head">
        <h1>{words.title}</h1>
        <Figures {...state.open} />
        <button type="button" class="button quiet" id="sound" aria-pressed="false" hidden>
          {words.sound}
        </button>
      </div>
      <Filters query={query} sites={sites} />
      <Form action="/admin/answers/confirm">
        <input type="hidden" name="back" value={boardAddress(query)} />
        <div data-live="alarms">
          <Rows query={query} state={state} />
        </div>
        <BulkActions />
      </Form>
      <p class="board-foot">
        <a href={boardAddress({ ...query, cursor: '' }, '/admin/alarms.csv')}>{words.export}</a>
      </p>
      <KeyHelp />
    </>
  );
}

function Figures({ triggered, acknowledged, waitingSince, newest }: BoardState['open']) {
  const words = useWords(BOARD_WORDS);
  return (
    <div class="figures" data-live="figures">
      <span class={triggered > 0 ? 'figure loud' : 'figure'} data-newest={newest ?? ''} role="status">
        <strong>{triggered}</strong> {words.unanswered}
      </span>
      <span class="figure">
        <strong>{acknowledged}</strong> {words.inHand}
      </span>
      {waitingSince !== null && (
        <span class="figure">
          <strong>
            <Age since={waitingSince} />
          </strong>{' '}
          {words.longest}
        </span>
      )}
    </div>
  );
}

function Rows({ query, state: { rows, next } }: Pick<BoardProps, 'query' | 'state'>) {
  const words = useWords(BOARD_WORDS);
  const isNarrowed = boardAddress(query) !== boardAddress({ ...query, show: 'open', cursor: '' });
  if (rows.length === 0 && query.search === '' && query.site === '' && query.severity === undefined) {
    return (
      <Empty title={isNarrowed ? words.noneFound : words.none}>
        {!isNarrowed && <p class="small">{words.noneHint}</p>}
      </Empty>
    );
  }
  if (rows.length === 0) {
    return (
      <Empty title={words.noneFound}>
        <a href="/admin">{words.clearFilters}</a>
      </Empty>
    );
  }
  return (
    <>
      <BoardTable rows={rows} />
      <nav class="paging" aria-label={words.more}>
        {query.cursor !== '' && (
          <ButtonLink href={boardAddress({ ...query, cursor: '' })}>{words.first}</ButtonLink>
        )}
        {next !== undefined && (
          <ButtonLink href={boardAddress({ ...query, cursor: next })}>{words.more}</ButtonLink>
        )}
      </nav>
    </>
  );
}

function BulkActions() {
  const { principal } = useView();
  const words = useWords(BOARD_WORDS);
  const { commands } = useWords(ALARM_WORDS);
  if (principal === null || !mayAct(principal, 'responder')) return null;
  return (
    <div class="bulk" role="group" aria-label={words.selected}>
      <span>{words.selected}</span>
      {(Object.keys(TRANSITIONS) as Command[]).map((command) => (
        <Button key={command} name="command" value={command}>
          {commands[command]}
        </Button>
      ))}
    </div>
  );
}

/** A form that only asks: what it says stands in the address. Folded on a phone, unless it is in use. */
function Filters({ query, sites }: Pick<BoardProps, 'query' | 'sites'>) {
  const words = useWords(BOARD_WORDS);
  const selections = (Object.keys(SELECTIONS) as Selection[]).map((show) => ({
    value: show,
    label: words.selections[show],
  }));
  const isNarrowed = boardAddress(query) !== boardAddress(boardQuery({}));
  return (
    <details class="filter-box" open={isNarrowed}>
      <summary>{words.filters}</summary>
      <form method="get" action="/admin" class="filters" role="search" aria-label={words.filters}>
        <TextField name="q" label={words.search} type="search" value={query.search} isQuery />
        <SelectField name="show" label={words.show} value={query.show} options={selections} />
        <SelectField
          name="site"
          label={words.site}
          value={query.site}
          options={[
            { value: '', label: words.allSites },
            ...sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <SelectField
          name="severity"
          label={words.severity}
          value={query.severity ?? ''}
          options={[
            { value: '', label: words.allSeverities },
            ...SEVERITIES.map((severity) => ({ value: severity, label: severity })),
          ]}
        />
        <SelectField
          name="order"
          label={words.order}
          value={query.oldestFirst ? 'oldest' : ''}
          options={[
            { value: '', label: words.newest },
            { value: 'oldest', label: words.oldest },
          ]}
        />
        <Button>{words.apply}</Button>
      </form>
    </details>
  );
}
