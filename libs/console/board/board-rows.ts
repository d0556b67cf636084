import { Injectable } from '@nestjs/common';

import {
  Alarms,
  decodeCursor,
  encodeCursor,
  positionOf,
  type Alarm,
  type AlarmFilter,
  type OpenAlarms,
} from '#alarms';
import { DirectorySearch, Sites } from '#directory';
import { Escalations, type EscalationState } from '#escalation';
import { NotificationHistory, type Tally } from '#notifications';

import { SELECTIONS, type BoardQuery } from './board-query.ts';

/** So many alarms are shown at once, however many there are. */
const PAGE = 50;
const MOST_SITES = 500;

/** An alarm as it stands on the board. */
export interface BoardRow {
  readonly alarm: Alarm;
  /** Nothing for an alarm without a clock. */
  readonly escalation: EscalationState | undefined;
  readonly tally: Tally;
}

export interface BoardState {
  readonly rows: readonly BoardRow[];
  /** Where the next page begins; nothing on the last one. */
  readonly next: string | undefined;
  readonly open: OpenAlarms;
}

const NOBODY: Tally = { planned: 0, told: 0, failed: 0 };

/** Reads what the board shows: one question to each room of the house, however many alarms there are. */
@Injectable()
export class BoardRows {
  constructor(
    private readonly alarms: Alarms,
    private readonly escalations: Escalations,
    private readonly notifications: NotificationHistory,
    private readonly directory: DirectorySearch,
    private readonly sites: Sites,
  ) {}

  async state(query: BoardQuery): Promise<BoardState> {
    const sortBy = sortOf(query);
    const [open, found] = await Promise.all([
      this.alarms.open(),
      this.alarms.list(await this.filter(query), {
        limit: PAGE + 1,
        ...sortBy,
        after: query.cursor === '' ? undefined : decodeCursor(query.cursor, sortBy.sortBy),
      }),
    ]);
    const page = found.slice(0, PAGE);
    const last = page.at(-1);
    return {
      rows: await this.rows(page),
      next: found.length > PAGE && last ? encodeCursor(positionOf(last, sortBy.sortBy)) : undefined,
      open,
    };
  }

  /** These alarms as they stand on the board. */
  async rows(alarms: readonly Alarm[]): Promise<BoardRow[]> {
    const ids = alarms.map(({ id }) => id);
    const [escalations, tallies] = await Promise.all([
      this.escalations.of(ids),
      this.notifications.tally(ids),
    ]);
    return alarms.map((alarm) => ({
      alarm,
      escalation: escalations.get(alarm.id),
      tally: tallies.get(alarm.id) ?? NOBODY,
    }));
  }

  /** All that match, for a file. */
  async pages(query: BoardQuery): Promise<AsyncGenerator<Alarm[]>> {
    return this.alarms.pages(await this.filter(query), { sortBy: 'created_at', order: 'desc' }, Infinity);
  }

  /** What the filter by site offers. */
  async siteNames(): Promise<readonly { readonly id: string; readonly name: string }[]> {
    return this.sites.list(MOST_SITES);
  }

  private async filter({ show, severity, site, search }: BoardQuery): Promise<AlarmFilter> {
    const about =
      search === '' ? undefined : { ...(await this.directory.find(search)), idEnding: search.toLowerCase() };
    return { statuses: SELECTIONS[show], severity, siteId: site === '' ? undefined : site, about };
  }
}

/** Among what is open, unanswered comes before acknowledged: as words they happen to sort like that, downwards. */
function sortOf({ show, oldestFirst }: BoardQuery) {
  if (oldestFirst) return { sortBy: 'created_at', order: 'asc' } as const;
  return { sortBy: show === 'open' ? 'status' : 'created_at', order: 'desc' } as const;
}
