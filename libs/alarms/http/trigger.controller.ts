import {
  applyDecorators,
  Controller,
  Get,
  Head,
  Header,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeEndpoint, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { SEVERITIES } from '../alarm.entity.ts';
import { flagIn, KeyDoor, severityIn, type PressDocument } from './key-door.ts';
import { DocumentsPress } from './key-door.documents.ts';

const DocumentsUrl = (operationId: string): MethodDecorator =>
  applyDecorators(
    DocumentsPress(operationId, 'An alarm key of anything that can call an address'),
    ApiParam({
      name: 'device_token',
      example: 'MU_YLK_NORTH_LIB_2002',
      description: 'The token of the device.',
    }),
    ApiQuery({
      name: 'severity',
      required: false,
      schema: { type: 'string', example: 'P1' },
      description: `One of ${SEVERITIES.join(', ')}; anything else is P0.`,
    }),
    ApiQuery({
      name: 'silent',
      required: false,
      schema: { type: 'string', example: 'false' },
      description: '`true`, `false`, `1` or `0`; anything else is true.',
    }),
  );

/** The door for Snom, Grandstream, Shelly, Flic, curl: the same as that of the phones, with the token in the path. */
@ApiTags('Doors')
@Controller('v1/trigger')
export class TriggerController {
  constructor(private readonly door: KeyDoor) {}

  /** Link previews and monitors ask like this, and nobody wants to be alerted by them. */
  @Head(':device_token')
  @HttpCode(405)
  @Header('Allow', 'GET, POST')
  @ApiExcludeEndpoint()
  look(): void {
    return undefined;
  }

  @Get(':device_token')
  @DocumentsUrl('pressKey')
  get(
    @Param('device_token') deviceToken: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PressDocument | string> {
    return this.door.press(request, response, {
      source: 'url',
      deviceToken,
      missing: 'The address ends without a device token.',
      severity: severityIn(request.query['severity']),
      silent: flagIn(request.query['silent']),
    });
  }

  @Post(':device_token')
  @HttpCode(200)
  @DocumentsUrl('postKey')
  post(
    @Param('device_token') deviceToken: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PressDocument | string> {
    return this.get(deviceToken, request, response);
  }
}
