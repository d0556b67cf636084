import { Injectable, Logger } from '@nestjs/common';

import { BrokerError } from '#platform';

import { Alarms } from '../alarms.ts';
import { Intake } from '../intake.ts';
import { Lifecycle } from '../lifecycle.ts';
import type { Alert, Alerts, BadAlert } from './alert.ts';

const SOURCE = 'alertmanager';

/** Who brought the alerts. */
export interface Messenger {
  /** The name of the key. */
  readonly actor: string;
  readonly clientIp: string;
  readonly userAgent: string | null;
  readonly requestId: string;
}

/** What became of a list of alerts. */
export interface IngestReport {
  readonly received: number;
  readonly created: number;
  readonly resolved: number;
  /** Nothing to do: already open, or not open any more. */
  readonly unchanged: number;
  readonly errors: readonly BadAlert[];
}

type Outcome = 'created' | 'resolved' | 'unchanged';

/**
 * Alerts of Alertmanager as alarms: one for each fingerprint while it is open. Everything may come again, late or
 * twice at once, as Alertmanager's own repetitions and its replicas do.
 */
@Injectable()
export class AlertIngest {
  private readonly logger = new Logger('AlertIngest');

  constructor(
    private readonly alarms: Alarms,
    private readonly intake: Intake,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Takes one alert after the other, each committed by itself. What would be refused again is reported; anything
   * else that fails is thrown once all have had their turn, so that the sender, who repeats after an error of
   * ours, loses nothing and doubles nothing.
   *
   * @throws BrokerError `database.unavailable`
   */
  async take({ alerts, truncated }: Alerts, messenger: Messenger): Promise<IngestReport> {
    const count = { created: 0, resolved: 0, unchanged: 0 };
    const errors: BadAlert[] = [];
    const failures: unknown[] = [];
    for (const [index, alert] of alerts.entries()) {
      if ('detail' in alert) {
        errors.push(alert);
        continue;
      }
      try {
        count[await this.takeOne(alert, messenger)] += 1;
      } catch (error) {
        if (!(error instanceof BrokerError)) failures.push(error);
        else if (error.category === 'unavailable') throw error;
        else errors.push({ index, detail: error.message });
      }
    }
    if (truncated > 0) this.logger.warn({ truncated }, 'Alertmanager left alerts out; raise its max_alerts');
    if (errors.length > 0) this.logger.warn({ errors }, 'Alerts of Alertmanager could not be understood');
    if (failures.length > 0) throw failures[0];
    return { received: alerts.length, ...count, errors };
  }

  private async takeOne(alert: Alert, messenger: Messenger): Promise<Outcome> {
    return alert.status === 'firing' ? this.fire(alert, messenger) : this.resolve(alert, messenger);
  }

  private async fire(alert: Alert, messenger: Messenger): Promise<Outcome> {
    const { event, severity, fingerprint, place, facts } = alert;
    const { isNew } = await this.intake.raise({
      ...messenger,
      source: SOURCE,
      event,
      severity,
      silent: false,
      facts,
      fingerprint,
      place,
      unknownPlaces: 'leave out',
    });
    return isNew ? 'created' : 'unchanged';
  }

  private async resolve({ fingerprint }: Alert, { actor, requestId }: Messenger): Promise<Outcome> {
    const alarmId = await this.alarms.openByFingerprint(SOURCE, fingerprint);
    if (alarmId === undefined) return 'unchanged';
    try {
      const deed = { by: SOURCE, actor, note: null, requestId };
      return (await this.lifecycle.apply('resolve', alarmId, deed)) ? 'resolved' : 'unchanged';
    } catch (error) {
      // Somebody cancelled or deleted it in this very moment: it is over either way.
      const isOver =
        error instanceof BrokerError && ['alarm.transition', 'alarm.unknown'].includes(error.code);
      if (isOver) return 'unchanged';
      throw error;
    }
  }
}
