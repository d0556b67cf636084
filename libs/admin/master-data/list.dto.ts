import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { invalid, isStorable } from '#platform';

import { MAX_ID, Text } from '../fields.ts';

/** The id in a path. */
export class RecordPath {
  @Text(MAX_ID, { example: 'north', description: 'The name of the thing.' }) id!: string;
}

/** Query of a list of master data. */
export class RecordQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50, example: 50 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  @ApiPropertyOptional({ example: 'bm9ydGg', maxLength: 600, description: 'From X-Next-Cursor.' })
  @IsOptional()
  @IsString()
  @MaxLength(600)
  cursor?: string;
}

/** Where a page ended, as a word that fits into a header whatever the id is made of. */
export const encodeCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws BrokerError for a word that is not one of ours. */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (id === '' || !isStorable(id) || encodeCursor(id) !== cursor) {
    throw invalid([{ pointer: '/cursor', detail: 'is not one that was given out here' }]);
  }
  return id;
}
