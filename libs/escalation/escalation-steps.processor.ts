import { Processor } from '@nestjs/bullmq';

import { LOOKING, LookProcessor } from '#platform';

import { EscalationClock } from './escalation-clock.ts';

@Processor('escalation-steps', { ...LOOKING, concurrency: 4 })
export class EscalationStepsProcessor extends LookProcessor {
  constructor(private readonly escalations: EscalationClock) {
    super();
  }

  protected override look(alarmIds: readonly string[]): Promise<void> {
    return this.escalations.advance(alarmIds);
  }
}
