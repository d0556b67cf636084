import { Module } from '@nestjs/common';

import { AlarmsModule } from '#alarms';
import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';

import { Erasures } from './erasure/erasures.ts';
import { SeedImport } from './seed-import.ts';

@Module({
  imports: [AlarmsModule, DirectoryModule, EscalationModule],
  providers: [SeedImport, Erasures],
  exports: [SeedImport, Erasures],
})
export class AdminModule {}
