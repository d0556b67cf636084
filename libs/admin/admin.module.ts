import { Module } from '@nestjs/common';

import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';

import { SeedImport } from './seed-import.ts';

@Module({ imports: [DirectoryModule, EscalationModule], providers: [SeedImport], exports: [SeedImport] })
export class AdminModule {}
