import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { ALARM_STATUSES, SEVERITIES, type AlarmStatus, type Severity } from '../alarm.entity.ts';

export const MAX_ACTOR = 120;
export const MAX_NOTE = 2000;

/** Query of `GET /v1/alarms`. */
export class AlarmQuery {
  @IsOptional() @IsIn(ALARM_STATUSES) status?: AlarmStatus;
  @IsOptional() @IsIn(SEVERITIES) severity?: Severity;
  @IsOptional() @IsString() source?: string;
  @IsOptional() @IsString() person_id?: string;
  @IsOptional() @IsString() room_id?: string;
  @IsOptional() @IsString() site_id?: string;
  @IsOptional() @IsString() device_id?: string;
  @IsOptional() @Type(() => Date) @IsDate() created_after?: Date;
  @IsOptional() @Type(() => Date) @IsDate() created_before?: Date;
  @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @IsString() @MaxLength(200) cursor?: string;
  @IsIn(['created_at']) sort_by: 'created_at' = 'created_at' as const;
  @IsIn(['asc', 'desc']) sort_order: 'asc' | 'desc' = 'desc';
}

/** Body of `POST /v1/alarms/{id}/ack`. */
export class AcknowledgeBody {
  @IsOptional() @IsString() @MaxLength(MAX_ACTOR) acked_by?: string | null;
  @IsOptional() @IsString() @MaxLength(MAX_NOTE) note?: string | null;
}

/** Body of `POST /v1/alarms/{id}/resolve` and `/cancel`. */
export class CloseBody {
  @IsOptional() @IsString() @MaxLength(MAX_ACTOR) actor?: string | null;
  @IsOptional() @IsString() @MaxLength(MAX_NOTE) note?: string | null;
}
