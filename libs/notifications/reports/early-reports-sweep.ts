import { Injectable, type OnModuleInit } from '@nestjs/common';

import { Clock, Sweeper, type Sweep } from '#platform';

import { DeliveryReports } from './delivery-reports.ts';

const INTERVAL_MS = 10 * 60 * 1000;

/** Forgets, now and then, reports about messages that were never sent from here. */
@Injectable()
export class EarlyReportsSweep implements Sweep, OnModuleInit {
  readonly name = 'early-reports';
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly reports: DeliveryReports,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    this.sweeper.register(this);
  }

  async sweep(): Promise<number> {
    const now = this.clock.now().getTime();
    if (now - this.lastAt < INTERVAL_MS) return 0;
    await this.reports.forgetUnknown();
    this.lastAt = now;
    // Tidying up rescues nobody.
    return 0;
  }
}
