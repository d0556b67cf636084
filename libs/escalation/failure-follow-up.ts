import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { Timeline } from '#audit';
import { DeliveryResults, NotificationHistory, type DeliveryResult } from '#notifications';
import { Clock, Database } from '#platform';

import { EscalationClock } from './escalation-clock.ts';
import { Targets } from './targets.ts';

const GONE = 'Its receiver answered that it is gone for good.';

/** What follows from a notification that failed for good. */
@Injectable()
export class FailureFollowUp implements OnModuleInit {
  private readonly logger = new Logger('FailureFollowUp');

  constructor(
    private readonly results: DeliveryResults,
    private readonly escalations: EscalationClock,
    private readonly targets: Targets,
    private readonly history: NotificationHistory,
    private readonly timeline: Timeline,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.results.listen((result) => this.hasten(result));
    this.results.listen((result) => this.disable(result));
  }

  private async hasten({ alarmId, purpose, round, stepNo, status }: DeliveryResult): Promise<void> {
    if (purpose === 'alert' && (status === 'failed' || status === 'skipped'))
      await this.escalations.hasten(alarmId, round, stepNo);
  }

  /** A receiver that says it is gone is not asked again by the next alarm. */
  private async disable(result: DeliveryResult): Promise<void> {
    if (result.reason !== 'gone') return;
    const { notificationId, alarmId, targetId, label: target, channel, requestId } = result;
    if (result.purpose !== 'alert') {
      // Told because of a setting, which only people change.
      this.logger.warn({ alarmId, target, channel }, 'The receiver in WEBHOOK_URL is gone for good');
      return;
    }
    const address = await this.history.addressOf(notificationId);
    if (address === undefined) return;
    await this.database.transaction(async (tx) => {
      if (!(await this.targets.disable(tx, targetId, address))) return;
      const data = { target, channel, reason: GONE };
      const entry = { alarmId, at: this.clock.now(), requestId: requestId ?? undefined };
      this.timeline.append(tx, [{ ...entry, type: 'target.disabled', data }]);
      tx.afterCommit(() => {
        this.logger.warn(
          { alarmId, target, channel },
          'A target was disabled: its receiver is gone for good',
        );
      });
    });
  }
}
