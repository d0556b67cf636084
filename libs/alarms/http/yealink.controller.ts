import { Controller, Get, Head, Header, HttpCode, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { Settings } from '#platform';

import { KeyDoor, type PressDocument } from './key-door.ts';
import { DocumentsPress } from './key-door.documents.ts';

/** The door of the phones: a key of type URL makes one plain GET. */
@ApiTags('Doors')
@Controller('v1/yealink')
export class YealinkController {
  constructor(
    private readonly settings: Settings,
    private readonly door: KeyDoor,
  ) {}

  /** Without this, Express would answer HEAD by doing what GET does. */
  @Head('alarm')
  @HttpCode(405)
  @Header('Allow', 'GET')
  @ApiExcludeEndpoint()
  look(): void {
    return undefined;
  }

  @Get('alarm')
  @DocumentsPress('pressPhoneKey', 'The alarm key of a phone')
  @ApiQuery({
    name: 'token',
    schema: { type: 'string', example: 'MU_YLK_NORTH_LIB_2002' },
    description: 'The token of the device. The parameter is called what YELK_TOKEN_QUERY_PARAM says.',
  })
  alarm(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PressDocument | string> {
    const parameter = this.settings.YELK_TOKEN_QUERY_PARAM;
    return this.door.press(request, response, {
      source: 'yealink',
      deviceToken: request.query[parameter],
      missing: `The query parameter "${parameter}" is missing.`,
    });
  }
}
