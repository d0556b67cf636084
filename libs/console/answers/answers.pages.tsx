import { Post } from '@nestjs/common';

import { Alarms, Lifecycle, MAX_NOTE, TRANSITIONS, type Alarm, type Command } from '#alarms';
import { BrokerError, isId, logContext } from '#platform';

import { ALARM_WORDS } from '../board/alarm-words.ts';
import { BoardRows } from '../board/board-rows.ts';
import { ConsolePages, Needs } from '../frame/console-pages.ts';
import type { Message } from '../frame/frame.tsx';
import { CurrentVisit, Visit } from '../frame/visit.ts';
import { wayBack } from '../sign-in/way-back.ts';
import { ANSWER_WORDS } from './answer-words.ts';
import { ConfirmAnswer } from './confirm-answer.tsx';

const MOST_AT_ONCE = 500;

/** Answering alarms, one or many: asked about first, then done. */
@ConsolePages('answers', 'responder')
export class AnswerPages {
  constructor(
    private readonly alarms: Alarms,
    private readonly lifecycle: Lifecycle,
    private readonly board: BoardRows,
  ) {}

  @Post('confirm')
  @Needs('responder')
  async confirm(@CurrentVisit() visit: Visit): Promise<string> {
    const { fields } = visit;
    const words = ANSWER_WORDS[visit.language];
    const back = wayBack(fields.raw('back'));
    const command = commandOf(fields.raw('command'));
    const alarms = await this.known(chosen(visit));
    if (alarms.length === 0) return visit.goTo(back, { kind: 'bad', text: words.noneChosen });
    const rows = await this.board.rows(alarms);
    const title = words.question(ALARM_WORDS[visit.language].commands[command], alarms.length);
    return visit.page({
      title,
      content: (
        <ConfirmAnswer
          question={title}
          command={command}
          rows={rows}
          back={back}
          note={fields.text('note', MAX_NOTE) ?? ''}
        />
      ),
    });
  }

  @Post()
  async answer(@CurrentVisit() visit: Visit): Promise<string> {
    const { fields, principal } = visit;
    const command = commandOf(fields.raw('command'));
    const ids = chosen(visit);
    const { changed, requested } = await this.lifecycle.applyToAll(command, ids, {
      by: principal.displayName,
      actor: principal.name,
      note: fields.text('note', MAX_NOTE),
      requestId: logContext().requestId ?? null,
    });
    const [first] = ids;
    const alone = ids.length === 1 && first !== undefined ? await this.alarms.get(first) : undefined;
    return visit.goTo(wayBack(fields.raw('back')), outcome(visit, command, { changed, requested }, alone));
  }

  private async known(ids: readonly string[]): Promise<Alarm[]> {
    const known = await this.alarms.known(ids);
    return Promise.all(ids.filter((id) => known.has(id)).map((id) => this.alarms.get(id)));
  }
}

/** A row's own button means that row, whatever else is ticked. */
function chosen({ fields }: Visit): string[] {
  const one = fields.raw('one');
  const ids = one === '' ? fields.all('alarm') : [one];
  return [...new Set(ids.filter(isId).map((id) => id.toLowerCase()))].slice(0, MOST_AT_ONCE);
}

function commandOf(word: string): Command {
  if (word === '') return 'acknowledge';
  if (Object.hasOwn(TRANSITIONS, word)) return word as Command;
  throw new BrokerError(
    'invalid',
    'request.invalid',
    'command: must be one of acknowledge, resolve, cancel.',
  );
}

/** What to tell afterwards: who was faster, if somebody was. */
function outcome(
  visit: Visit,
  command: Command,
  { changed, requested }: { changed: number; requested: number },
  alone: Alarm | undefined,
): Message {
  const words = ANSWER_WORDS[visit.language];
  const { status } = ALARM_WORDS[visit.language];
  const done = status[TRANSITIONS[command].to];
  if (alone !== undefined) {
    if (changed === 1) return { kind: 'good', text: words.one(done) };
    const by = alone.resolvedBy ?? alone.cancelledBy ?? alone.ackedBy;
    return { kind: 'bad', text: words.tooLate(status[alone.status], by) };
  }
  const text =
    words.many(done, changed) + (changed < requested ? ` ${words.unchanged(requested - changed)}` : '');
  return { kind: changed === 0 ? 'bad' : 'good', text };
}
