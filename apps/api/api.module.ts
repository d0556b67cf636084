import { Module, type DynamicModule } from '@nestjs/common';

import { AccessModule } from '#access';
import { PlatformModule, type PlatformOptions } from '#platform';

import { AccessHttpModule } from '../../libs/access/access.http.module.ts';
import { AdminHttpModule } from '../../libs/admin/admin.http.module.ts';
import { AlarmsHttpModule } from '../../libs/alarms/alarms.http.module.ts';
import { AuditHttpModule } from '../../libs/audit/audit.http.module.ts';
import { ConsoleHttpModule } from '../../libs/console/console.http.module.ts';
import { HealthDetailsHttpModule } from '../../libs/health/health-details.http.module.ts';
import { HealthHttpModule } from '../../libs/health/health.http.module.ts';
import { NotificationsHttpModule } from '../../libs/notifications/notifications.http.module.ts';
import { SimulationHttpModule } from '../../libs/simulation/simulation.http.module.ts';
import { ApiDocsModule } from './openapi.ts';

/** Every door of the house. No `*.worker.module`: this process sends nothing and takes no jobs. */
export const API_DOORS = [
  AccessModule,
  AccessHttpModule,
  HealthHttpModule,
  HealthDetailsHttpModule,
  AlarmsHttpModule,
  AuditHttpModule,
  NotificationsHttpModule,
  AdminHttpModule,
  SimulationHttpModule,
  ConsoleHttpModule,
  ApiDocsModule,
];

/** The HTTP process. */
@Module({})
export class ApiModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: ApiModule,
      imports: [PlatformModule.forRoot({ service: 'api', ...options }), ...API_DOORS],
    };
  }
}
