import { Module } from '@nestjs/common';

import { SimulationFeed } from './simulation-feed.ts';

@Module({ providers: [SimulationFeed], exports: [SimulationFeed] })
export class SimulationModule {}
