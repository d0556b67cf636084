import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches } from 'class-validator';

import type { ApiKey } from './api-key.entity.ts';
import { ROLES, type Role } from './principal.ts';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u;

/** Body of `POST /v1/admin/api-keys`. */
export class ApiKeyBody {
  @ApiProperty({ minLength: 1, maxLength: 80, pattern: '^[^\\s]', example: 'security desk' })
  @IsString()
  @Matches(NAME, { message: 'must be a name of 1 to 80 letters, digits, spaces or . _ @ -' })
  name!: string;

  @ApiProperty({ enum: ROLES, example: 'responder' })
  @IsIn(ROLES)
  role!: Role;
}

/** A key as clients see it. */
export class ApiKeyDocument {
  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' })
  id!: string;

  @ApiProperty({ example: 'security desk', description: 'Stands on the timeline as who did it.' })
  name!: string;

  @ApiProperty({ enum: ROLES, example: 'responder' })
  role!: Role;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  created_at!: Date;

  @ApiProperty({ example: 'admin' })
  created_by!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'To the minute.',
  })
  last_used_at!: Date | null;
}

/** A key that has just been made. */
export class NewApiKeyDocument extends ApiKeyDocument {
  @ApiProperty({
    example: 'abk_u2vZ…',
    description: 'The key itself. It is shown this once and kept nowhere.',
  })
  key!: string;
}

export const apiKeyDocument = (key: ApiKey): ApiKeyDocument => ({
  id: key.id,
  name: key.name,
  role: key.role,
  created_at: key.createdAt,
  created_by: key.createdBy,
  last_used_at: key.lastUsedAt,
});
