import { Get, HttpStatus, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Sessions } from '#access';
import { EventReaders, STREAM_HEADERS } from '#audit';
import { BrokerError, isId } from '#platform';

import { sessionToken } from './console-cookies.ts';
import { ConsolePages } from './console-pages.ts';
import { CurrentVisit, Visit } from './visit.ts';

/** Short, so that a page soon notices when the line is dead and nobody says so. */
const HEARTBEAT_MS = 3000;

/**
 * Tells live pages that there is something new. What it is they ask for by fetching themselves: so a page never shows a
 * state that the server would not show anew.
 */
@ConsolePages('live', 'viewer')
export class LiveController {
  constructor(
    private readonly readers: EventReaders,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  async stream(
    @CurrentVisit() visit: Visit,
    @Query('alarm_id') alarmId: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (alarmId !== undefined && !(typeof alarmId === 'string' && isId(alarmId))) {
      throw new BrokerError('invalid', 'request.invalid', 'alarm_id: must be the id of an alarm.');
    }
    // Express lets HEAD in here; its answer has no body that could go on for hours.
    if (request.method === 'HEAD') {
      response.writeHead(HttpStatus.OK, STREAM_HEADERS).end();
      return;
    }
    await this.readers.open(response, {
      filter: { alarmId: alarmId?.toLowerCase() },
      after: undefined,
      name: visit.principal.name,
      mayStay: async () => (await this.sessions.find(sessionToken(request) ?? '')) !== undefined,
      heartbeatMs: HEARTBEAT_MS,
    });
  }
}
