import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AccessGuard, Requires } from '#access';
import { logContext } from '#platform';

import { Alarms } from '../alarms.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { Command } from '../transitions.ts';
import { AcknowledgeBody, AlarmQuery, CloseBody } from './alarm.dto.ts';
import { alarmResponse, type AlarmResponse } from './alarm.response.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** Reading and answering alarms, for those who have the admin key. */
@Controller('v1/alarms')
@UseGuards(AccessGuard)
@Requires('responder')
export class AlarmsController {
  constructor(
    private readonly alarms: Alarms,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get()
  async list(
    @Query() query: AlarmQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AlarmResponse[]> {
    const found = await this.alarms.list(
      {
        status: query.status,
        severity: query.severity,
        source: query.source,
        personId: query.person_id,
        roomId: query.room_id,
        siteId: query.site_id,
        deviceId: query.device_id,
        createdAfter: query.created_after,
        createdBefore: query.created_before,
      },
      {
        // One more than asked for tells whether there is another page.
        limit: query.limit + 1,
        order: query.sort_order,
        after: query.cursor === undefined ? undefined : decodeCursor(query.cursor),
      },
    );
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    if (found.length > page.length && last) response.setHeader('X-Next-Cursor', encodeCursor(last));
    return page.map(alarmResponse);
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<AlarmResponse> {
    return alarmResponse(await this.alarms.get(id));
  }

  @Post(':id/ack')
  @HttpCode(204)
  acknowledge(
    @Param('id') id: string,
    @Body() body: AcknowledgeBody,
    @Req() request: Request,
  ): Promise<void> {
    return this.apply('acknowledge', id, body.acked_by, body.note, request);
  }

  @Post(':id/resolve')
  @HttpCode(204)
  resolve(@Param('id') id: string, @Body() body: CloseBody, @Req() request: Request): Promise<void> {
    return this.apply('resolve', id, body.actor, body.note, request);
  }

  @Post(':id/cancel')
  @HttpCode(204)
  cancel(@Param('id') id: string, @Body() body: CloseBody, @Req() request: Request): Promise<void> {
    return this.apply('cancel', id, body.actor, body.note, request);
  }

  private async apply(
    command: Command,
    id: string,
    actor: string | null | undefined,
    note: string | null | undefined,
    request: Request,
  ): Promise<void> {
    const alarm = await this.alarms.get(id);
    await this.lifecycle.apply(command, alarm.id, {
      actor: actor ?? request.header('x-admin-email') ?? 'admin',
      note: note ?? null,
      requestId: logContext().requestId ?? null,
    });
  }
}
