import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { BrokerError } from '#platform';

import { FINGERPRINT, findAsset } from './assets.ts';

/** What the pages refer to. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  @Get('broker.css')
  @Header('Cache-Control', 'public, max-age=3600')
  stylesheet(@Res() response: Response): void {
    send('broker.css', response);
  }

  /** A page of another version may ask here while a new one is rolled out; then ours has to do, unkept. */
  @Get(':fingerprint/:name')
  file(
    @Param('fingerprint') fingerprint: string,
    @Param('name') name: string,
    @Res() response: Response,
  ): void {
    const isOurs = fingerprint === FINGERPRINT;
    response.setHeader('Cache-Control', isOurs ? 'public, max-age=31536000, immutable' : 'no-store');
    send(name, response);
  }
}

function send(name: string, response: Response): void {
  const asset = findAsset(name);
  if (asset === undefined) throw new BrokerError('not-found', 'asset.unknown', 'There is no such file.');
  response.setHeader('Content-Type', asset.type);
  response.send(asset.content);
}
