import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { HealthController } from './health.controller.ts';
import { ReadinessGauge } from './readiness.gauge.ts';
import { Readiness } from './readiness.ts';

/** Probes, the same on api and worker. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Readiness, ReadinessGauge],
})
export class HealthHttpModule {}
