import { readFileSync } from 'node:fs';

import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Read once: it is part of the program. */
const STYLESHEET = readFileSync(new URL('./assets/broker.css', import.meta.url), 'utf8');

/** What the pages refer to. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  @Get('broker.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'public, max-age=3600')
  stylesheet(): string {
    return STYLESHEET;
  }
}
