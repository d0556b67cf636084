import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Matches } from 'class-validator';

import type { ApiKey } from './api-key.entity.ts';
import { AccessGuard, Caller, Requires } from './access.guard.ts';
import { ApiKeys } from './api-keys.ts';
import { ROLES, type Principal, type Role } from './principal.ts';

/** Body of `POST /v1/admin/api-keys`. */
export class ApiKeyBody {
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,79}$/u, {
    message: 'must be a name of 1 to 80 letters, digits, spaces or . _ @ -',
  })
  name!: string;

  @IsIn(ROLES)
  role!: Role;
}

/** Keys for people and programs, each with a name that stands on the timeline. */
@Controller('v1/admin/api-keys')
@UseGuards(AccessGuard)
@Requires('admin')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** The only answer that contains the key. */
  @Post()
  async create(@Body() body: ApiKeyBody, @Caller() caller: Principal): Promise<object> {
    const { key, apiKey } = await this.keys.create(body.name, body.role, caller.name);
    return { ...response(apiKey), key };
  }

  @Get()
  async list(): Promise<object[]> {
    return (await this.keys.list()).map(response);
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id') id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}

const response = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  role: key.role,
  created_at: key.createdAt,
  created_by: key.createdBy,
  last_used_at: key.lastUsedAt,
});
