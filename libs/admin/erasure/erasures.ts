import { Injectable, Logger } from '@nestjs/common';

import { Alarms, ERASABLE_ALARMS } from '#alarms';
import { ERASABLE_EVENTS } from '#audit';
import { Persons } from '#directory';
import { ERASABLE_CLOCKS, Targets } from '#escalation';
import { ERASABLE_NOTIFICATIONS } from '#notifications';
import {
  BrokerError,
  Clock,
  Database,
  ERASED,
  eraseWords,
  newId,
  patternOfAll,
  secondsAfter,
  type ErasableTable,
  type Tx,
} from '#platform';
import { ERASABLE_FEED } from '#simulation';

/** Every table in which somebody may be named, in the order of the walk. */
const TABLES: readonly ErasableTable[] = [
  ...ERASABLE_ALARMS,
  ERASABLE_EVENTS,
  ERASABLE_CLOCKS,
  ERASABLE_NOTIFICATIONS,
  ERASABLE_FEED,
];

/** Rows that are needed are usually free again once their alarm is answered. */
const LOOK_AGAIN_SECONDS = 600;

/** An erasure as it is shown. */
export interface ErasureState {
  readonly id: string;
  readonly personId: string;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly rowsChanged: number;
}

interface Walk {
  readonly id: string;
  readonly words: readonly string[];
  readonly tableName: string | null;
  readonly afterRow: string | null;
  readonly rowsChanged: number;
  readonly rowsLeft: number;
}

const STATE = `id, person_id AS "personId", requested_at AS "requestedAt", finished_at AS "finishedAt",
               rows_changed AS "rowsChanged"`;

const TAKE = `
  SELECT id, words, table_name AS "tableName", after_row AS "afterRow", rows_changed AS "rowsChanged",
         rows_left AS "rowsLeft"
  FROM erasures WHERE finished_at IS NULL AND (look_again IS NULL OR look_again <= $1)
  ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** Without the words once nothing is left to look for. */
const GO_ON = `
  UPDATE erasures SET table_name = $2, after_row = $3, rows_changed = $4, rows_left = $5, look_again = $6,
         finished_at = $7, words = CASE WHEN $7::timestamptz IS NULL THEN words END
  WHERE id = $1`;

/**
 * Takes what names a person out of everything that was written. At once out of the directory, so that nothing new is
 * written; then out of history, in the background, row by row. What happened, when, and what came of it stays.
 */
@Injectable()
export class Erasures {
  private readonly logger = new Logger('Erasures');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly persons: Persons,
    private readonly targets: Targets,
    private readonly alarms: Alarms,
  ) {}

  /**
   * @param also further words that stand for the person, such as a mail address or a name they had before.
   * @returns the erasure; the latest one when the person was erased already and nothing further is to be looked for.
   * @throws BrokerError `person.unknown`; `person.in-use` while a device or a target names them; `person.alarmed`
   * while an alarm of theirs is open, because responders have to know whom they look for.
   */
  async request(personId: string, also: readonly string[], actor: string): Promise<ErasureState> {
    const state = await this.database.transaction(async (tx) => {
      const person = await this.persons.erase(tx, personId);
      const { open, names } = await this.alarms.ofPerson(tx, personId);
      if (open > 0) {
        const detail = `The person ${personId} has ${open} open alarm${open === 1 ? '' : 's'}.`;
        throw new BrokerError('conflict', 'person.alarmed', detail);
      }
      // As messages say it; the longer words first, because the first that fits is taken.
      const titled = person.role === null ? null : `${person.display_name} (${person.role})`;
      const known = [titled, person.display_name, person.phone_mobile, ...names, ...also];
      const words = [...new Set(known)].filter(
        (word) => word !== null && word.trim() !== '' && word !== ERASED,
      );
      const isRepeated = person.display_name === ERASED && also.length === 0;
      const earlier = isRepeated ? await this.latest(tx, personId) : undefined;
      if (earlier !== undefined) return earlier;
      await this.requireNotTold(tx, personId, words as string[]);
      const [made] = await tx.query<ErasureState>(
        `INSERT INTO erasures (id, person_id, requested_at, requested_by, words)
         VALUES ($1, $2, $3, $4, $5) RETURNING ${STATE}`,
        [newId(), personId, this.clock.now(), actor, JSON.stringify(words)],
      );
      return made;
    });
    if (state === undefined) throw new Error('An erasure left no trace.');
    this.logger.log({ erasureId: state.id, actor }, 'A person is to be erased');
    return state;
  }

  /** Looks through the next rows of the oldest erasure. @returns whether there is more to do at once. */
  async walk(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const [walk] = await tx.query<Walk>(TAKE, [now]);
      if (walk === undefined) return false;
      const at = Math.max(
        0,
        TABLES.findIndex((table) => table.name === walk.tableName),
      );
      const table = TABLES[at];
      if (table === undefined) throw new Error('There is no table to erase from.');
      const step = await eraseWords(tx, table, walk.words, walk.afterRow);
      const changed = walk.rowsChanged + step.changed;
      const left = walk.rowsLeft + step.left;
      const next = step.after === null ? TABLES[at + 1] : table;
      if (next !== undefined) {
        tx.send(GO_ON, [walk.id, next.name, step.after, changed, left, null, null]);
        return true;
      }
      const again = left > 0 ? secondsAfter(now, LOOK_AGAIN_SECONDS) : null;
      tx.send(GO_ON, [walk.id, null, null, changed, 0, again, again === null ? now : null]);
      tx.afterCommit(() => {
        if (again === null) this.logger.log({ erasureId: walk.id, rows: changed }, 'A person was erased');
      });
      return false;
    });
  }

  private async latest(tx: Tx, personId: string): Promise<ErasureState | undefined> {
    const [state] = await tx.query<ErasureState>(
      `SELECT ${STATE} FROM erasures WHERE person_id = $1 ORDER BY requested_at DESC LIMIT 1`,
      [personId],
    );
    return state;
  }

  /** Taking the number out of a target would leave a step that tells nobody. */
  private async requireNotTold(tx: Tx, personId: string, words: readonly string[]): Promise<void> {
    const targets = await this.targets.matching(tx, patternOfAll(words));
    if (targets.length === 0) return;
    const named = targets.map((id) => `target ${id}`).join(', ');
    throw new BrokerError('conflict', 'person.in-use', `The person ${personId} is in use by ${named}.`);
  }
}
