import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import {
  Conditional,
  entityTag,
  ETAG_HEADER,
  logContext,
  Problems,
  SentPrecondition,
  type Precondition,
} from '#platform';

import { AlarmNotes } from '../alarm-notes.ts';
import { AlarmRecords, type Editor } from '../alarm-records.ts';
import { Alarms } from '../alarms.ts';
import { AlarmInPath, noteDocument, NoteDocument } from './alarm-documents.ts';
import { EditBody, NoteBody } from './alarm.dto.ts';
import { AlarmDocument, alarmResponse } from './alarm.response.ts';

/** The record of an alarm: what is said about it, notes, and taking it out of sight. */
@ApiTags('Alarms')
@Controller('v1/alarms')
@UseGuards(AccessGuard)
export class AlarmRecordsController {
  constructor(
    private readonly alarms: Alarms,
    private readonly records: AlarmRecords,
    private readonly notes: AlarmNotes,
  ) {}

  @Patch(':id')
  @AlarmInPath()
  @Requires('responder')
  @ApiOperation({ operationId: 'editAlarm', summary: 'Describe an alarm' })
  @Conditional()
  @ApiOkResponse({ type: AlarmDocument, headers: ETAG_HEADER })
  @Problems(400, 404, 412, 422)
  async edit(
    @Param('id') id: string,
    @Body() body: EditBody,
    @SentPrecondition() precondition: Precondition,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AlarmDocument> {
    await this.records.edit(id, body, precondition, editor(caller));
    const alarm = await this.alarms.get(id);
    response.setHeader('ETag', entityTag(alarm.version));
    return alarmResponse(alarm, caller);
  }

  @Delete(':id')
  @AlarmInPath()
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ operationId: 'deleteAlarm', summary: 'Take an alarm out of sight; the audit keeps it' })
  @Conditional()
  @ApiNoContentResponse({ description: 'It is deleted.' })
  @Problems(404, 409, 412)
  delete(
    @Param('id') id: string,
    @SentPrecondition() precondition: Precondition,
    @Caller() caller: Principal,
  ): Promise<void> {
    return this.records.delete(id, precondition, editor(caller));
  }

  @Get(':id/notes')
  @AlarmInPath()
  @Requires('viewer')
  @ApiOperation({ operationId: 'listNotes', summary: 'Notes on an alarm, oldest first' })
  @ApiOkResponse({ type: [NoteDocument] })
  @Problems(404)
  async list(@Param('id') id: string): Promise<NoteDocument[]> {
    const alarm = await this.alarms.get(id);
    return (await this.notes.of(alarm.id)).map(noteDocument);
  }

  @Post(':id/notes')
  @AlarmInPath()
  @Requires('responder')
  @ApiOperation({ operationId: 'addNote', summary: 'Add a note' })
  @ApiCreatedResponse({ type: NoteDocument })
  @Problems(400, 404, 422)
  async add(
    @Param('id') id: string,
    @Body() body: NoteBody,
    @Caller() caller: Principal,
  ): Promise<NoteDocument> {
    const alarm = await this.alarms.get(id);
    const createdBy = body.created_by ?? caller.displayName;
    return noteDocument(await this.notes.add(alarm.id, { note: body.note, createdBy, ...editor(caller) }));
  }
}

const editor = (caller: Principal): Editor => ({
  actor: caller.name,
  requestId: logContext().requestId ?? null,
});
