import { ApiProperty } from '@nestjs/swagger';

import { mayAct, type Principal } from '#access';

import { ALARM_STATUSES, SEVERITIES, type Alarm, type AlarmStatus, type Severity } from '../alarm.entity.ts';

const ID = '01a20a4c-ea88-7c34-9b49-f2058dc1c76e';
const TIME = '2026-03-02T08:00:00.000Z';

/** An alarm as clients see it. */
export class AlarmDocument {
  @ApiProperty({ format: 'uuid', example: ID })
  id!: string;

  @ApiProperty({ enum: ALARM_STATUSES, example: 'acknowledged' })
  status!: AlarmStatus;

  @ApiProperty({ example: 'yealink', description: 'The door it came in by.' })
  source!: string;

  @ApiProperty({ example: 'alarm.trigger' })
  event!: string;

  @ApiProperty({ type: String, format: 'date-time', example: TIME })
  created_at!: Date;

  @ApiProperty({ type: String, nullable: true, example: 'campus-ops' })
  person_id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'north-library' })
  room_id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'uni-north' })
  site_id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'ylk-north-lib' })
  device_id!: string | null;

  @ApiProperty({ enum: SEVERITIES, example: 'P0' })
  severity!: Severity;

  @ApiProperty({
    example: true,
    description: 'Nothing at the place of the press may show that it was raised.',
  })
  silent!: boolean;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: null,
    description:
      'The first ticket that was opened for it; `zammad_ticket_number` and `zammad_ticket_url` in `meta` lead people there.',
  })
  zammad_ticket_id!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '_7Nuq4gafeUY2FN1CdSNPHamHBu24B3yWiTwuMMOMhI',
    description: "The secret part of the responder's link; null for viewers, who may not answer alarms.",
  })
  ack_token!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: TIME })
  acked_at!: Date | null;

  @ApiProperty({ type: String, nullable: true, example: 'Eva' })
  acked_by!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  resolved_at!: Date | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  resolved_by!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  cancelled_at!: Date | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  cancelled_by!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      received_at: TIME,
      client_ip: '10.1.2.3',
      user_agent: 'Yealink SIP-T48G',
      ack_note: 'on my way',
    },
    description:
      'What the door noted, what people added (title, description, tags) and what they said; `responders`: who is on the way or there, by their own word.',
  })
  meta!: Record<string, unknown>;
}

/** @param caller who will read it: whoever has the link can acknowledge, so a viewer does not get it. */
export function alarmResponse(alarm: Alarm, caller: Pick<Principal, 'role'>): AlarmDocument {
  return {
    id: alarm.id,
    status: alarm.status,
    source: alarm.source,
    event: alarm.event,
    created_at: alarm.createdAt,
    person_id: alarm.personId,
    room_id: alarm.roomId,
    site_id: alarm.siteId,
    device_id: alarm.deviceId,
    severity: alarm.severity,
    silent: alarm.silent,
    zammad_ticket_id: alarm.zammadTicketId,
    ack_token: mayAct(caller, 'responder') ? alarm.ackToken : null,
    acked_at: alarm.ackedAt,
    acked_by: alarm.ackedBy,
    resolved_at: alarm.resolvedAt,
    resolved_by: alarm.resolvedBy,
    cancelled_at: alarm.cancelledAt,
    cancelled_by: alarm.cancelledBy,
    meta: alarm.meta,
  };
}

export type AlarmResponse = AlarmDocument;
