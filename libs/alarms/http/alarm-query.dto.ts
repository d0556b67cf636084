import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { PAGE_LENGTH, PageCursor, PageLimit } from '#platform';

import { ALARM_STATUSES, SEVERITIES, type AlarmStatus, type Severity } from '../alarm.entity.ts';
import { SORT_FIELDS, type AlarmFilter, type SortField } from '../alarm-selection.ts';

const MAX_WORD = 200;

/** What a list or an export can be narrowed to, and its order. */
export class AlarmFilterQuery {
  @ApiPropertyOptional({ enum: ALARM_STATUSES, example: 'triggered' })
  @IsOptional()
  @IsIn(ALARM_STATUSES)
  status?: AlarmStatus;

  @ApiPropertyOptional({ enum: SEVERITIES, example: 'P0' })
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity;

  @ApiPropertyOptional({ example: 'yealink', maxLength: MAX_WORD })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_WORD)
  source?: string;

  @ApiPropertyOptional({ example: 'campus-ops', maxLength: MAX_WORD })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_WORD)
  person_id?: string;

  @ApiPropertyOptional({ example: 'north-library', maxLength: MAX_WORD })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_WORD)
  room_id?: string;

  @ApiPropertyOptional({ example: 'uni-north', maxLength: MAX_WORD })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_WORD)
  site_id?: string;

  @ApiPropertyOptional({ example: 'ylk-north-lib', maxLength: MAX_WORD })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_WORD)
  device_id?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', example: '2026-01-01T00:00:00Z' })
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'must be a date and time (ISO 8601)' })
  created_after?: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', example: '2030-01-01T00:00:00Z' })
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'must be a date and time (ISO 8601)' })
  created_before?: Date;

  @ApiPropertyOptional({ enum: SORT_FIELDS, default: 'created_at', example: 'created_at' })
  @IsIn(SORT_FIELDS)
  sort_by: SortField = 'created_at';

  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'desc', example: 'desc' })
  @IsIn(['asc', 'desc'])
  sort_order: 'asc' | 'desc' = 'desc';
}

/** Query of `GET /v1/alarms`. */
export class AlarmQuery extends AlarmFilterQuery {
  @PageLimit() limit = PAGE_LENGTH;

  @PageCursor(400, 'WyIyMDI2LTAzLTAyIl0') cursor?: string;
}

/** Query of `GET /v1/alarms/export`. */
export class ExportQuery extends AlarmFilterQuery {
  @ApiPropertyOptional({ enum: ['json', 'csv'], default: 'json', example: 'csv' })
  @IsIn(['json', 'csv'])
  format: 'json' | 'csv' = 'json';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Without it: all.', example: 1000 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  limit?: number;
}

export const filterOf = (query: AlarmFilterQuery): AlarmFilter => ({
  status: query.status,
  severity: query.severity,
  source: query.source,
  personId: query.person_id,
  roomId: query.room_id,
  siteId: query.site_id,
  deviceId: query.device_id,
  createdAfter: query.created_after,
  createdBefore: query.created_before,
});
