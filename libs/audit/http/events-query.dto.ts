import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsIn,
  IsOptional,
  Matches,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

import { EVENT_TYPES, type EventType } from '../alarm-event.entity.ts';

const LARGEST_PLACE = 2n ** 63n - 1n;

/** Whether PostgreSQL could have given this number to an entry. */
export const isPlace = (text: string): boolean => /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_PLACE;

@ValidatorConstraint({ name: 'isPlace' })
class IsPlace implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isPlace(value);
  }

  defaultMessage(): string {
    return 'must be the id of an event';
  }
}

/** Query of `GET /v1/events`. */
export class EventsQuery {
  @ApiProperty({
    required: false,
    format: 'uuid',
    example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e',
    description: 'Only what happens to this alarm.',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be the id of an alarm' })
  alarm_id?: string;

  @ApiProperty({
    required: false,
    enum: EVENT_TYPES,
    isArray: true,
    example: ['alarm.triggered', 'alarm.acknowledged'],
    description: 'Only entries of these types; repeated, or separated by commas.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(EVENT_TYPES, { each: true, message: `each must be one of ${EVENT_TYPES.join(', ')}` })
  type?: EventType[];

  @ApiProperty({
    required: false,
    type: String,
    pattern: '^[0-9]{1,19}$',
    example: '1041',
    description: 'The last entry the reader has, for clients that cannot set Last-Event-ID.',
  })
  @IsOptional()
  @Validate(IsPlace)
  last_event_id?: string;
}
