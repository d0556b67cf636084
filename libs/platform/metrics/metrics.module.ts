import { Global, Module, type DynamicModule } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';

import { VERSION } from '../build-info.ts';
import { Figures, FIGURES_MAX_AGE_MS } from './figures.ts';
import { MetricsController } from './metrics.controller.ts';

/** At most one round of questions a second, whoever scrapes. */
const DEFAULT_MAX_AGE_MS = 1000;

/** `GET /metrics` of this process, with Node's own figures. Each room declares its metrics beside its code. */
@Global()
@Module({ imports: [PrometheusModule.register({ path: '/metrics', controller: MetricsController })] })
export class MetricsModule {
  /** @param maxAgeMs how old the answers that gauges show may be. */
  static forRoot(maxAgeMs = DEFAULT_MAX_AGE_MS): DynamicModule {
    return {
      module: MetricsModule,
      providers: [{ provide: FIGURES_MAX_AGE_MS, useValue: maxAgeMs }, Figures],
      exports: [Figures],
    };
  }

  constructor(figures: Figures) {
    removeMisnamed();
    figures.own(
      () => VERSION,
      [
        {
          name: 'alarm_broker_build_info',
          help: 'Always 1; the release that runs is in its labels.',
          labels: ['version'],
          samples: (version) => [[{ version }, 1]],
        },
      ],
    );
  }
}

/** Gauges of prom-client's that are called `_total` as only counters are; each has a sibling by type. */
function removeMisnamed(): void {
  for (const { name } of register.getMetricsAsArray())
    if (/^nodejs_active_\w+_total$/.test(name)) register.removeSingleMetric(name);
}
