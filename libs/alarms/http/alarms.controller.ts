import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { entityTag, ETAG_HEADER, Problems } from '#platform';

import { positionOf } from '../alarm-selection.ts';
import { Alarms } from '../alarms.ts';
import { AlarmInPath, AlarmFiguresDocument } from './alarm-documents.ts';
import { exportAlarms } from './alarm-export.ts';
import { AlarmQuery, ExportQuery, filterOf } from './alarm-query.dto.ts';
import { AlarmDocument, alarmResponse } from './alarm.response.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** Reading alarms. */
@ApiTags('Alarms')
@Controller('v1/alarms')
@UseGuards(AccessGuard)
@Requires('viewer')
export class AlarmsController {
  constructor(private readonly alarms: Alarms) {}

  @Get()
  @ApiOperation({ operationId: 'listAlarms', summary: 'Alarms, page by page' })
  @ApiOkResponse({
    type: [AlarmDocument],
    headers: {
      'X-Next-Cursor': {
        description: 'Where the next page begins; absent on the last one.',
        schema: { type: 'string', example: 'WyIyMDI2LTAzLTAyIl0' },
      },
    },
  })
  @Problems(422)
  async list(
    @Query() query: AlarmQuery,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AlarmDocument[]> {
    const found = await this.alarms.list(filterOf(query), {
      // One more than asked for tells whether there is another page.
      limit: query.limit + 1,
      sortBy: query.sort_by,
      order: query.sort_order,
      after: query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.sort_by),
    });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    if (found.length > page.length && last) {
      response.setHeader('X-Next-Cursor', encodeCursor(positionOf(last, query.sort_by)));
    }
    return page.map((alarm) => alarmResponse(alarm, caller));
  }

  @Get('stats')
  @ApiOperation({ operationId: 'alarmStats', summary: 'How many alarms there are' })
  @ApiOkResponse({ type: AlarmFiguresDocument })
  async stats(): Promise<AlarmFiguresDocument> {
    const { total, byStatus, bySeverity } = await this.alarms.figures();
    return { total, by_status: byStatus, by_severity: bySeverity };
  }

  @Get('export')
  @ApiOperation({ operationId: 'exportAlarms', summary: 'All alarms that match, as a file' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({
    content: {
      'application/json': {
        schema: { type: 'array', items: { $ref: '#/components/schemas/AlarmDocument' } },
      },
      'text/csv': { schema: { type: 'string', example: 'id,status,severity,…' } },
    },
    headers: {
      'Content-Disposition': {
        description: 'The name of the file.',
        required: true,
        schema: { type: 'string', example: 'attachment; filename="alarms.csv"' },
      },
    },
  })
  @Problems(422)
  export(@Query() query: ExportQuery, @Caller() caller: Principal, @Res() response: Response): Promise<void> {
    const order = { sortBy: query.sort_by, order: query.sort_order };
    const alarms = this.alarms.pages(filterOf(query), order, query.limit ?? Infinity);
    return exportAlarms(alarms, query.format, caller, response);
  }

  @Get(':id')
  @AlarmInPath()
  @ApiOperation({ operationId: 'readAlarm', summary: 'One alarm' })
  @ApiOkResponse({ type: AlarmDocument, headers: ETAG_HEADER })
  @Problems(404)
  async read(
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AlarmDocument> {
    const alarm = await this.alarms.get(id);
    response.setHeader('ETag', entityTag(alarm.version));
    return alarmResponse(alarm, caller);
  }
}
