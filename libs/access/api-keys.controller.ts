import { Body, Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';

import { Problems } from '#platform';

import { AccessGuard, Caller, Requires } from './access.guard.ts';
import { ApiKeyBody, apiKeyDocument, ApiKeyDocument, NewApiKeyDocument } from './api-key.documents.ts';
import { ApiKeys } from './api-keys.ts';
import type { Principal } from './principal.ts';

/** Keys for people and programs, each with a name that stands on the timeline. */
@ApiTags('Access')
@Controller('v1/admin/api-keys')
@UseGuards(AccessGuard)
@Requires('admin')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Post()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Make a key; the only answer that contains it' })
  @ApiCreatedResponse({ type: NewApiKeyDocument })
  @Problems(400, 409, 422)
  async create(@Body() body: ApiKeyBody, @Caller() caller: Principal): Promise<NewApiKeyDocument> {
    const { key, apiKey } = await this.keys.create(body.name, body.role, caller.name);
    return { ...apiKeyDocument(apiKey), key };
  }

  @Get()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'Keys in use, by name' })
  @ApiOkResponse({ type: [ApiKeyDocument] })
  async list(): Promise<ApiKeyDocument[]> {
    return (await this.keys.list()).map(apiKeyDocument);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke a key' })
  @ApiParam({
    name: 'id',
    schema: { type: 'string', format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' },
  })
  @ApiNoContentResponse({ description: 'From now on it opens nothing.' })
  @Problems(404)
  async revoke(@Param('id') id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}
