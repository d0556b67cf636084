import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { SCRIPT, STYLESHEET } from './assets.ts';

const ASSETS = new Map([SCRIPT, STYLESHEET].map((asset) => [asset.name, asset]));

/** What the responder's page refers to. */
@ApiExcludeController()
@Controller('a/assets')
export class ResponderAssetsController {
  @Get(':name')
  read(@Param('name') name: string, @Res() response: Response): void {
    const asset = ASSETS.get(name);
    if (asset === undefined) throw new NotFoundException();
    // A name stands for one content only, so no phone ever has to ask again.
    response.set('Cache-Control', 'public, max-age=31536000, immutable');
    response.set('Content-Type', asset.type).send(asset.content);
  }
}
