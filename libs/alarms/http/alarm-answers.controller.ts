import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { logContext, Problems } from '#platform';

import { Alarms } from '../alarms.ts';
import { Lifecycle, type Deed } from '../lifecycle.ts';
import type { Command } from '../transitions.ts';
import { AlarmInPath, BulkDocument } from './alarm-documents.ts';
import { AcknowledgeBody, BulkAcknowledgeBody, BulkCloseBody, CloseBody } from './alarm.dto.ts';

/** Answering alarms: one, or many at once. */
@ApiTags('Answering')
@Controller('v1/alarms')
@UseGuards(AccessGuard)
@Requires('responder')
export class AlarmAnswersController {
  constructor(
    private readonly alarms: Alarms,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Post('bulk/ack')
  @HttpCode(200)
  @ApiOperation({ operationId: 'acknowledgeAlarms', summary: 'Acknowledge up to 500 alarms' })
  @ApiOkResponse({ type: BulkDocument })
  @Problems(400, 422)
  acknowledgeAll(@Body() body: BulkAcknowledgeBody, @Caller() caller: Principal): Promise<BulkDocument> {
    return this.applyToAll('acknowledge', body.alarm_ids, deed(body.acked_by, body.note, caller));
  }

  @Post('bulk/resolve')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resolveAlarms', summary: 'Resolve up to 500 alarms' })
  @ApiOkResponse({ type: BulkDocument })
  @Problems(400, 422)
  resolveAll(@Body() body: BulkCloseBody, @Caller() caller: Principal): Promise<BulkDocument> {
    return this.applyToAll('resolve', body.alarm_ids, deed(body.actor, body.note, caller));
  }

  @Post('bulk/cancel')
  @HttpCode(200)
  @ApiOperation({ operationId: 'cancelAlarms', summary: 'Cancel up to 500 alarms' })
  @ApiOkResponse({ type: BulkDocument })
  @Problems(400, 422)
  cancelAll(@Body() body: BulkCloseBody, @Caller() caller: Principal): Promise<BulkDocument> {
    return this.applyToAll('cancel', body.alarm_ids, deed(body.actor, body.note, caller));
  }

  @Post(':id/ack')
  @AlarmInPath()
  @HttpCode(204)
  @ApiOperation({ operationId: 'acknowledgeAlarm', summary: 'Somebody takes care of it' })
  @ApiNoContentResponse({ description: 'It is acknowledged, by this call or an earlier one.' })
  @Problems(400, 404, 409, 422)
  acknowledge(
    @Param('id') id: string,
    @Body() body: AcknowledgeBody,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.apply('acknowledge', id, deed(body.acked_by, body.note, caller));
  }

  @Post(':id/resolve')
  @AlarmInPath()
  @HttpCode(204)
  @ApiOperation({ operationId: 'resolveAlarm', summary: 'It is over' })
  @ApiNoContentResponse({ description: 'It is resolved, by this call or an earlier one.' })
  @Problems(400, 404, 409, 422)
  resolve(@Param('id') id: string, @Body() body: CloseBody, @Caller() caller: Principal): Promise<void> {
    return this.apply('resolve', id, deed(body.actor, body.note, caller));
  }

  @Post(':id/cancel')
  @AlarmInPath()
  @HttpCode(204)
  @ApiOperation({ operationId: 'cancelAlarm', summary: 'It was a false alarm' })
  @ApiNoContentResponse({ description: 'It is cancelled, by this call or an earlier one.' })
  @Problems(400, 404, 409, 422)
  cancel(@Param('id') id: string, @Body() body: CloseBody, @Caller() caller: Principal): Promise<void> {
    return this.apply('cancel', id, deed(body.actor, body.note, caller));
  }

  private async apply(command: Command, id: string, done: Deed): Promise<void> {
    const alarm = await this.alarms.get(id);
    await this.lifecycle.apply(command, alarm.id, done);
  }

  private async applyToAll(command: Command, ids: readonly string[], done: Deed): Promise<BulkDocument> {
    const { requested, changed, unchanged, missing } = await this.lifecycle.applyToAll(command, ids, done);
    return { requested, changed, unchanged, missing: [...missing] };
  }
}

const deed = (by: string | null | undefined, note: string | null | undefined, caller: Principal): Deed => ({
  by: by ?? caller.displayName,
  actor: caller.name,
  note: note ?? null,
  requestId: logContext().requestId ?? null,
});
