import { Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional } from 'class-validator';
import type { Response } from 'express';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { CHANNEL_KINDS, DEAD_STATUSES, type ChannelKind, type DeadStatus } from '#notifications';
import { logContext, PAGE_LENGTH, PageCursor, PageLimit, Problems } from '#platform';

import { DeadLetters } from '../dead-letters.ts';
import { decodeIdCursor, encodeIdCursor } from './cursor.ts';
import { notificationDocument, NotificationDocument } from './notification.document.ts';

/** Query of `GET /v1/notifications`. */
export class DeadLettersQuery {
  @ApiPropertyOptional({
    enum: DEAD_STATUSES,
    isArray: true,
    example: ['failed'],
    description: 'Repeated, or separated by commas; all of them unless given.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(DEAD_STATUSES, { each: true, message: `each must be one of ${DEAD_STATUSES.join(', ')}` })
  status?: DeadStatus[];

  @ApiPropertyOptional({ enum: CHANNEL_KINDS, example: 'sms' })
  @IsOptional()
  @IsIn(CHANNEL_KINDS)
  channel?: ChannelKind;

  @PageLimit() limit = PAGE_LENGTH;

  @PageCursor(400, 'MDFhMjBhNGMtZWE4OS03ZjEwLWE0ZjUtNGZkNGE0ZGJiMmM4') cursor?: string;
}

/** What could not be told. */
@ApiTags('Notifications')
@Controller('v1/notifications')
@UseGuards(AccessGuard)
export class DeadLettersController {
  constructor(private readonly letters: DeadLetters) {}

  @Get()
  @Requires('viewer')
  @ApiOperation({
    operationId: 'listFailedNotifications',
    summary: 'What failed for good, the latest first',
    description: 'Notifications of deleted alarms are left out, so a page may be shorter than its limit.',
  })
  @ApiOkResponse({
    type: [NotificationDocument],
    headers: {
      'X-Next-Cursor': {
        description: 'Where the next page begins; absent on the last one.',
        schema: { type: 'string', example: 'MDFhMjBhNGMtZWE4OS03ZjEwLWE0ZjUtNGZkNGE0ZGJiMmM4' },
      },
    },
  })
  @Problems(422)
  async list(
    @Query() query: DeadLettersQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<NotificationDocument[]> {
    const { status, channel, limit, cursor } = query;
    const before = cursor === undefined ? undefined : decodeIdCursor(cursor);
    const { records, next } = await this.letters.list({ statuses: status, channel }, limit, before);
    if (next !== undefined) response.setHeader('X-Next-Cursor', encodeIdCursor(next));
    return records.map(notificationDocument);
  }

  @Post(':id/resend')
  @HttpCode(202)
  @Requires('responder')
  @ApiParam({
    name: 'id',
    description: 'The id of the notification; what is none is answered 404.',
    schema: { type: 'string', format: 'uuid', example: '01a20a4c-ea89-7f10-a4f5-4fd4a4dbb2c8' },
  })
  @ApiOperation({
    operationId: 'resendNotification',
    summary: 'Send once more what failed',
    description:
      'Its retries count anew. Refused (409) for what is under way, was sent or was withdrawn, and for the alert of an ' +
      'alarm that is answered.',
  })
  @ApiAcceptedResponse({ type: NotificationDocument })
  @Problems(404, 409)
  async resend(@Param('id') id: string, @Caller() caller: Principal): Promise<NotificationDocument> {
    const requestId = logContext().requestId ?? null;
    return notificationDocument(await this.letters.resend(id, { actor: caller.name, requestId }));
  }
}
