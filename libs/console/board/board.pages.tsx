import { Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import { exportAlarms } from '#alarms';

import { ConsolePages } from '../frame/console-pages.ts';
import { LIVE } from '../frame/frame.tsx';
import { CurrentVisit, Visit } from '../frame/visit.ts';
import { Board } from './board-page.tsx';
import { boardQuery } from './board-query.ts';
import { BoardRows } from './board-rows.ts';
import { BOARD_WORDS } from './board-words.ts';

/** The live board. */
@ConsolePages('', 'viewer')
export class BoardPages {
  constructor(private readonly board: BoardRows) {}

  @Get()
  async show(@CurrentVisit() visit: Visit, @Query() asked: Record<string, unknown>): Promise<string> {
    const query = boardQuery(asked);
    const [state, sites] = await Promise.all([this.board.state(query), this.board.siteNames()]);
    const { triggered } = state.open;
    const { title } = BOARD_WORDS[visit.language];
    return visit.page({
      title: triggered > 0 ? `(${triggered}) ${title}` : title,
      live: LIVE,
      content: <Board query={query} state={state} sites={sites} />,
    });
  }

  @Get('alarms.csv')
  async export(
    @CurrentVisit() visit: Visit,
    @Query() asked: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    await exportAlarms(await this.board.pages(boardQuery(asked)), 'csv', visit.principal, response);
  }
}
