import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { AccessGuard, Requires } from '#access';
import { eventDocument, EventDocument, Timeline } from '#audit';
import { NotificationHistory } from '#notifications';
import { Problems } from '#platform';

import { Alarms } from '../alarms.ts';
import { AlarmInPath } from './alarm-documents.ts';
import { notificationDocument, NotificationDocument } from './notification.document.ts';

/** What happened to an alarm, and who was told. */
@ApiTags('Alarms')
@Controller('v1/alarms')
@UseGuards(AccessGuard)
@Requires('viewer')
export class AlarmHistoryController {
  constructor(
    private readonly alarms: Alarms,
    private readonly timeline: Timeline,
    private readonly notifications: NotificationHistory,
  ) {}

  @Get(':id/events')
  @AlarmInPath()
  @ApiOperation({ operationId: 'listAlarmEvents', summary: 'Everything that happened to an alarm, in order' })
  @ApiOkResponse({ type: [EventDocument] })
  @Problems(404)
  async events(@Param('id') id: string): Promise<EventDocument[]> {
    const alarm = await this.alarms.get(id);
    return (await this.timeline.of(alarm.id)).map(eventDocument);
  }

  @Get(':id/notifications')
  @AlarmInPath()
  @ApiOperation({
    operationId: 'listAlarmNotifications',
    summary: 'Who was told, when, and with which result',
  })
  @ApiOkResponse({ type: [NotificationDocument] })
  @Problems(404)
  async told(@Param('id') id: string): Promise<NotificationDocument[]> {
    const alarm = await this.alarms.get(id);
    return (await this.notifications.of(alarm.id)).map(notificationDocument);
  }
}
