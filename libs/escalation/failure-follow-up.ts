import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DeliveryResults, type DeliveryResult } from '#notifications';

import { EscalationClock } from './escalation-clock.ts';

/** What an escalation makes of a notification that failed for good. */
@Injectable()
export class FailureFollowUp implements OnModuleInit {
  constructor(
    private readonly results: DeliveryResults,
    private readonly escalations: EscalationClock,
  ) {}

  onModuleInit(): void {
    this.results.listen((result) => this.hasten(result));
  }

  private async hasten({ alarmId, purpose, round, stepNo, status }: DeliveryResult): Promise<void> {
    if (purpose === 'alert' && (status === 'failed' || status === 'skipped'))
      await this.escalations.hasten(alarmId, round, stepNo);
  }
}
