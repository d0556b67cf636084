import { Controller, Get, Headers, HttpStatus, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { BrokerError, Problems } from '#platform';

import { EventReaders, STREAM_HEADERS } from '../live/event-readers.ts';
import { EventsQuery, isPlace } from './events-query.dto.ts';

const EXAMPLE = `retry: 2000
id: 1041

id: 1042
event: alarm.acknowledged
data: {"id":"1042","alarm_id":"01a20a4c-ea88-7c34-9b49-f2058dc1c76e","at":"2026-03-02T08:00:00.000Z","type":"alarm.acknowledged","actor":"Control room","request_id":null,"data":{"by":"Eva"}}

: heartbeat
`;

/** What happens, as it happens. */
@ApiTags('Live')
@Controller('v1/events')
@UseGuards(AccessGuard)
@Requires('viewer')
export class EventsController {
  constructor(
    private readonly readers: EventReaders,
    private readonly guard: AccessGuard,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'streamEvents',
    summary: 'Everything that happens to alarms, as server-sent events',
    description:
      'Each event is an entry of a timeline, in the order of their ids, none left out and none twice. A reader ' +
      'that comes back with the last id it has gets what it missed. One that does not keep up is cut.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last entry the reader has; goes before `last_event_id`. Without either it begins now.',
    schema: { type: 'string', pattern: '^[0-9]{1,19}$', example: '1041' },
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'A stream that does not end by itself. `data` of each event is an EventDocument.',
    content: { 'text/event-stream': { schema: { type: 'string', example: EXAMPLE } } },
  })
  @Problems(422)
  async stream(
    @Query() query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const after = lastEventId || query.last_event_id;
    if (after !== undefined && !isPlace(after)) throw unknownPlace();
    // Express lets HEAD in here; its answer has no body that could go on for hours.
    if (request.method === 'HEAD') {
      response.writeHead(HttpStatus.OK, STREAM_HEADERS).end();
      return;
    }
    await this.readers.open(response, {
      filter: { alarmId: query.alarm_id?.toLowerCase(), types: query.type },
      after: after === undefined ? undefined : BigInt(after),
      name: caller.name,
      mayStay: () => this.guard.stillHolds(request),
    });
  }
}

const unknownPlace = (): BrokerError =>
  new BrokerError('invalid', 'request.invalid', 'Last-Event-ID: must be the id of an event.', {
    violations: [{ pointer: '/Last-Event-ID', detail: 'must be the id of an event' }],
  });
