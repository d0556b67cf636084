import { All } from '@nestjs/common';

import { BrokerError } from '#platform';

import { ConsolePages } from './console-pages.ts';

/** Addresses of the console at which there is nothing. */
@ConsolePages('*path', 'viewer')
export class UnknownPages {
  @All()
  refuse(): never {
    throw new BrokerError('not-found', 'page.unknown', 'There is no such page.');
  }
}
