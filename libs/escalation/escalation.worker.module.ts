import { Module } from '@nestjs/common';

import { EscalationStepsProcessor } from './escalation-steps.processor.ts';
import { EscalationSweep } from './escalation-sweep.ts';
import { EscalationModule } from './escalation.module.ts';

/** Moving the clocks, for the worker alone. */
@Module({ imports: [EscalationModule], providers: [EscalationStepsProcessor, EscalationSweep] })
export class EscalationWorkerModule {}
