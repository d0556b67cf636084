import { ApiProperty } from '@nestjs/swagger';

import { EVENT_TYPES, type AlarmEvent, type EventType } from './alarm-event.entity.ts';

/** An entry of a timeline as clients see it, read or live. */
export class EventDocument {
  @ApiProperty({
    example: '1042',
    description: 'Its place in the order of all entries; where a stream can be resumed. A number in digits.',
  })
  id!: string;

  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' })
  alarm_id!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  at!: Date;

  @ApiProperty({ enum: EVENT_TYPES, example: 'alarm.acknowledged' })
  type!: EventType;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Control room',
    description: "Who did it: the name of a key, or a person's word; null for the broker itself.",
  })
  actor!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'd68d5f4c-e5fc-4336-bdb7-147fff0c7de7',
    description: 'The request that caused it, if one did.',
  })
  request_id!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { by: 'Eva', note: 'on my way' },
    description: 'What else there is to say, depending on the type. Never a token, number or address.',
  })
  data!: Record<string, unknown>;
}

export const eventDocument = (event: AlarmEvent): EventDocument => ({
  id: event.seq,
  alarm_id: event.alarmId,
  at: event.at,
  type: event.type,
  actor: event.actor,
  request_id: event.requestId,
  data: event.data,
});
