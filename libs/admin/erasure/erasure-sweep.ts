import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Sweeper, type Sweep } from '#platform';

import { Erasures } from './erasures.ts';

/** Goes on with erasures that are under way, a few thousand rows with each sweep. */
@Injectable()
export class ErasureSweep implements Sweep, OnModuleInit {
  readonly name = 'erasure';

  constructor(
    private readonly erasures: Erasures,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  /** @returns 0: nothing here is late. */
  async sweep(): Promise<number> {
    await this.erasures.walk();
    return 0;
  }
}
