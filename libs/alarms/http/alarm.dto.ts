import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  MaxLength,
  ValidateIf,
} from 'class-validator';

import { SEVERITIES, type Severity } from '../alarm.entity.ts';

export const MAX_ACTOR = 120;
export const MAX_NOTE = 2000;

/** Body of `POST /v1/alarms/{id}/ack`. */
export class AcknowledgeBody {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_ACTOR, example: 'Eva' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ACTOR)
  acked_by?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_NOTE, example: 'on my way' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NOTE)
  note?: string | null;
}

/** Body of `POST /v1/alarms/{id}/resolve` and `/cancel`. */
export class CloseBody {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_ACTOR, example: 'Eva' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ACTOR)
  actor?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_NOTE, example: 'a false alarm' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NOTE)
  note?: string | null;
}

const MAX_BULK = 500;

const AlarmIds = (): PropertyDecorator => (target, key) => {
  ApiProperty({
    type: [String],
    format: 'uuid',
    minItems: 1,
    maxItems: MAX_BULK,
    example: ['01a20a4c-ea88-7c34-9b49-f2058dc1c76e'],
  })(target, key);
  IsArray()(target, key);
  ArrayMinSize(1)(target, key);
  ArrayMaxSize(MAX_BULK)(target, key);
  IsUUID('loose', { each: true, message: 'must be ids of alarms' })(target, key);
};

/** Body of `POST /v1/alarms/bulk/ack`. */
export class BulkAcknowledgeBody extends AcknowledgeBody {
  @AlarmIds() alarm_ids!: string[];
}

/** Body of `POST /v1/alarms/bulk/resolve` and `/cancel`. */
export class BulkCloseBody extends CloseBody {
  @AlarmIds() alarm_ids!: string[];
}

/** Body of `PATCH /v1/alarms/{id}`. Null removes title, description or tags. */
export class EditBody {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, example: 'Argument at the desk' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 5000, example: 'Settled by talking.' })
  @IsOptional()
  @IsString()
  @MaxLength(5000)
  description?: string | null;

  @ApiPropertyOptional({ enum: SEVERITIES, example: 'P1' })
  @ValidateIf((body: EditBody) => body.severity !== undefined)
  @IsIn(SEVERITIES)
  severity?: Severity;

  @ApiPropertyOptional({ type: [String], nullable: true, maxItems: 50, example: ['library', 'evening'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  tags?: string[] | null;
}

/** Body of `POST /v1/alarms/{id}/notes`. */
export class NoteBody {
  @ApiProperty({ minLength: 1, maxLength: 5000, example: 'Spoke with the person; they are well.' })
  @IsString()
  @Length(1, 5000)
  note!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_ACTOR, example: 'Eva' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ACTOR)
  created_by?: string | null;
}
