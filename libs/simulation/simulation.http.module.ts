import { Module } from '@nestjs/common';

import { SimulationController } from './simulation.controller.ts';
import { SimulationModule } from './simulation.module.ts';

@Module({ imports: [SimulationModule], controllers: [SimulationController] })
export class SimulationHttpModule {}
