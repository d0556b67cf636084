import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** How many entries a page of a list holds unless its reader wishes otherwise. */
export const PAGE_LENGTH = 50;

/** `limit` in the query of a list that is given out in pages; {@link PAGE_LENGTH} by default. */
export const PageLimit = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: PAGE_LENGTH, example: 50 }),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(200),
  );

/** `cursor` in such a query: where the page before has ended, in a word of at most `maxLength` characters. */
export const PageCursor = (maxLength: number, example: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ description: 'X-Next-Cursor of the page before.', maxLength, example }),
    IsOptional(),
    IsString(),
    MaxLength(maxLength),
  );
