import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, Length, Matches, ValidateBy } from 'class-validator';

import { isStorable } from '#platform';

import { SEVERITIES, type Severity } from '../alarm.entity.ts';

const MAX_META_BYTES = 8192;
const MAX_META_DEPTH = 5;

/** Whether it is an object that can be kept with an alarm and read by somebody who looks at it. */
export function isMeta(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return isShallow(value, MAX_META_DEPTH) && Buffer.byteLength(JSON.stringify(value)) <= MAX_META_BYTES;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth > 0 && Object.entries(value).every(([key, item]) => isStorable(key) && isShallow(item, depth - 1))
  );
}

const IsMeta = (): PropertyDecorator =>
  ValidateBy({
    name: 'isMeta',
    validator: {
      validate: isMeta,
      defaultMessage: () =>
        `must be an object of at most ${MAX_META_BYTES} bytes and ${MAX_META_DEPTH} levels, with names that can be stored`,
    },
  });

/** Body of `POST /v1/alarms`. */
export class RaiseBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 512,
    example: 'MU_YLK_NORTH_LIB_2002',
    description: 'The device whose key it is; then person and room are its own. Not with a token as Bearer.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  device_token?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 100, example: 'campus-ops' })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  person_id?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 100,
    example: 'north-library',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  room_id?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 200,
    default: 'alarm.trigger',
    example: 'panic.button',
    description: 'What happened, in a word. alarm.drill and alarm.test are exercises.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u, { message: 'must be one line with something in it' })
  event?: string | null;

  @ApiPropertyOptional({ enum: SEVERITIES, nullable: true, default: 'P0', example: 'P1' })
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity | null;

  @ApiPropertyOptional({
    type: Boolean,
    nullable: true,
    default: true,
    example: true,
    description: 'Nothing at the place of the alarm may show that it was raised.',
  })
  @IsOptional()
  @IsBoolean()
  silent?: boolean | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { title: 'Argument at the desk', camera: 17 },
    description:
      `Kept with the alarm, at most ${MAX_META_BYTES} bytes and ${MAX_META_DEPTH} levels. What the broker notes ` +
      'itself (received_at, client_ip, user_agent, and what people say when they answer) is not overwritten.',
  })
  @IsOptional()
  @IsMeta()
  meta?: Record<string, unknown> | null;
}
