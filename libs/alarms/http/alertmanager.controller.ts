import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';

import { AccessGuard, Caller, Requires, type Principal } from '#access';
import { logContext, Problems } from '#platform';

import { AlertIngest } from '../alertmanager/alert-ingest.ts';
import { readAlerts } from '../alertmanager/alert.ts';
import { KeyDoor, word } from './key-door.ts';

const count = { type: 'integer', minimum: 0 } as const;

/** An alert that could not be understood. */
export class BadAlertDocument {
  @ApiProperty({ ...count, example: 3, description: 'Its place in the list, beginning with 0.' })
  index!: number;

  @ApiProperty({ example: 'fingerprint: must be a word' })
  detail!: string;
}

/** What became of the alerts. */
export class IngestDocument {
  @ApiProperty({ ...count, example: 4 })
  received!: number;

  @ApiProperty({ ...count, example: 1, description: 'New alarms.' })
  created!: number;

  @ApiProperty({ ...count, example: 1, description: 'Alarms that are over.' })
  resolved!: number;

  @ApiProperty({ ...count, example: 1, description: 'Already open, or not open any more.' })
  unchanged!: number;

  @ApiPropertyOptional({
    type: [BadAlertDocument],
    description:
      'Alerts that could not be understood, and would not be the next time; only if there are any.',
  })
  errors?: BadAlertDocument[];
}

const EXAMPLE = {
  version: '4',
  status: 'firing',
  receiver: 'alarm-broker',
  alerts: [
    {
      status: 'firing',
      fingerprint: '9f2c4d1e8a7b6c50',
      labels: { alertname: 'ServerRoomTooHot', severity: 'critical', room_id: 'north-library' },
      annotations: { summary: '41 °C in the server room', description: 'The air conditioning has failed.' },
      startsAt: '2026-03-02T08:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://prometheus.example.org/graph',
    },
  ],
};

/** The door for monitoring. */
@ApiTags('Doors')
@Controller('v1/ingest')
@UseGuards(AccessGuard)
@Requires('responder')
export class AlertmanagerController {
  constructor(
    private readonly ingest: AlertIngest,
    private readonly door: KeyDoor,
  ) {}

  @Post('alertmanager')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ingestAlerts',
    summary: "Alertmanager's webhook",
    description:
      'A firing alert is an alarm while its fingerprint is open, a resolved one ends it. Sending the same again ' +
      'changes nothing. The labels `severity`, `person_id`, `room_id` and `site_id` are understood. The key may ' +
      'also be sent as `Authorization: Bearer`.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['version', 'alerts'],
      properties: {
        version: { type: 'string', enum: ['4'], example: '4' },
        truncatedAlerts: { ...count, example: 0 },
        alerts: { type: 'array', items: { type: 'object', additionalProperties: true } },
      },
      additionalProperties: true,
      example: EXAMPLE,
    },
  })
  @ApiOkResponse({ type: IngestDocument })
  @Problems(400, 413, 415, 422)
  async take(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Req() request: Request,
  ): Promise<IngestDocument> {
    const { errors, ...counts } = await this.ingest.take(readAlerts(body), {
      actor: caller.name,
      clientIp: this.door.addressOf(request),
      userAgent: word(request.header('user-agent')) ?? null,
      requestId: logContext().requestId ?? '',
    });
    return errors.length === 0 ? counts : { ...counts, errors: [...errors] };
  }
}
