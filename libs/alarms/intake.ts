import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { Timeline } from '#audit';
import { Devices, type PressedDevice } from '#directory';
import { EscalationClock, Policies, type Bells } from '#escalation';
import type { AlarmBrief } from '#notifications';
import { BrokerError, Clock, Database, hashSecret, newId, newSecret, Settings, statement } from '#platform';

import type { AlarmStatus, Severity } from './alarm.entity.ts';
import { PressGate } from './press-gate.ts';

export const ALARMS_METRIC = 'alarm_broker_alarms_total';

/** A press as it came in by some door. */
export interface TriggerRequest {
  readonly deviceToken: string;
  /** The door: `yealink`. */
  readonly source: string;
  readonly event: string;
  readonly severity: Severity;
  readonly silent: boolean;
  readonly clientIp: string;
  readonly userAgent: string | null;
  /** What else the device said of itself. */
  readonly facts: Readonly<Record<string, string>>;
  readonly requestId: string;
}

export interface Triggered {
  readonly alarmId: string;
  readonly status: AlarmStatus;
  /** False for another press of an alarm that is already under way. */
  readonly isNew: boolean;
}

/** No limit: in a demonstration keys are pressed again and again. */
const UNLIMITED = 1_000_000;

const INSERT = statement(
  'alarms.insert',
  `INSERT INTO alarms (id, status, source, event, severity, silent, created_at, device_id, person_id, room_id,
                       site_id, ack_token, meta)
   VALUES ($1, 'triggered', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

/** The way in. What it answers is committed; what it has not committed it does not answer. */
@Injectable()
export class Intake {
  private readonly logger = new Logger('Intake');
  private readonly limitPerMinute: number;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: PressGate,
    private readonly devices: Devices,
    private readonly policies: Policies,
    private readonly escalations: EscalationClock,
    private readonly timeline: Timeline,
    @InjectMetric(ALARMS_METRIC) private readonly total: Counter<'source' | 'severity' | 'result'>,
  ) {
    this.limitPerMinute = settings.SIMULATION_ENABLED ? UNLIMITED : settings.RATE_LIMIT_PER_MINUTE;
  }

  /**
   * Raises an alarm, or adds a press to the one that is under way. Returns only after the commit; the
   * workers are rung afterwards, and whether that succeeds changes nothing.
   *
   * @throws BrokerError `device.unknown`, `device.incomplete`, `device.limited`, `database.unavailable`.
   */
  async trigger(request: TriggerRequest): Promise<Triggered> {
    const tokenHash = hashSecret(request.deviceToken);
    try {
      if ((await this.gate.ask(tokenHash, this.limitPerMinute)) === 'limited') throw limited();
      const press = await this.keep(request, tokenHash);
      if (press === undefined) throw await this.refusal(tokenHash);
      return press.bells === undefined
        ? await this.pressedAgain(request, press.alarmId)
        : this.raised(request, press.bells);
    } catch (error) {
      this.count(request, error instanceof BrokerError ? 'rejected' : 'failed');
      throw error;
    }
  }

  /** The one transaction of a press. @returns nothing when the device row refused it; no bells for a repetition. */
  private async keep(
    request: TriggerRequest,
    tokenHash: string,
  ): Promise<{ alarmId: string; bells: Bells | undefined } | undefined> {
    const at = this.clock.now();
    const alarmId = newId();
    const ackToken = newSecret();
    return this.database.transaction(async (tx) => {
      const [device, plan] = await Promise.all([
        this.devices.press(tx, { tokenHash, alarmId, at, limitPerMinute: this.limitPerMinute }),
        this.policies.currentPlan(tx),
      ]);
      if (device === undefined) return undefined;
      const entry = {
        at,
        requestId: request.requestId,
        data: { source: request.source, device: device.deviceId },
      };
      if (device.alarmId !== alarmId) {
        this.timeline.append(tx, [{ ...entry, alarmId: device.alarmId, type: 'alarm.pressed-again' }]);
        return { alarmId: device.alarmId, bells: undefined };
      }
      tx.send(INSERT, [
        alarmId,
        request.source,
        request.event,
        request.severity,
        request.silent,
        at,
        device.deviceId,
        device.personId,
        device.roomId,
        device.siteId,
        ackToken,
        {
          ...request.facts,
          received_at: at.toISOString(),
          client_ip: request.clientIp,
          user_agent: request.userAgent,
        },
      ]);
      this.timeline.append(tx, [{ ...entry, alarmId, type: 'alarm.triggered' }]);
      const brief = this.briefOf(request, device, at, ackToken);
      return { alarmId, bells: this.escalations.start(tx, plan, brief, request.requestId) };
    });
  }

  private briefOf(request: TriggerRequest, device: PressedDevice, at: Date, ackToken: string): AlarmBrief {
    return {
      alarmId: device.alarmId,
      severity: request.severity,
      silent: request.silent,
      source: request.source,
      event: request.event,
      triggeredAt: at.toISOString(),
      simulated: this.settings.SIMULATION_ENABLED,
      person: device.person,
      role: device.role,
      room: device.room,
      floor: device.floor,
      site: device.site,
      link: `${this.settings.BASE_URL.replace(/\/$/, '')}/a/${ackToken}`,
    };
  }

  private raised(request: TriggerRequest, bells: Bells): Triggered {
    this.escalations.ring(bells);
    this.count(request, 'created');
    this.logger.log({ alarmId: bells.alarmId, source: request.source }, 'alarm triggered');
    return { alarmId: bells.alarmId, status: 'triggered', isNew: true };
  }

  private async pressedAgain(request: TriggerRequest, alarmId: string): Promise<Triggered> {
    this.count(request, 'duplicate');
    this.logger.log({ alarmId, source: request.source }, 'alarm key pressed again');
    const [alarm] = await this.database.query<{ status: AlarmStatus }>(
      'SELECT status FROM alarms WHERE id = $1',
      [alarmId],
    );
    return { alarmId, status: alarm?.status ?? 'triggered', isNew: false };
  }

  private async refusal(tokenHash: string): Promise<BrokerError> {
    const state = await this.devices.stateOf(tokenHash);
    switch (state) {
      case 'unknown':
        return new BrokerError('not-found', 'device.unknown', 'No device has this token.');
      case 'without person or room':
        return new BrokerError('conflict', 'device.incomplete', 'The device has no person or no room.');
      case 'complete':
        return limited();
    }
  }

  private count(request: TriggerRequest, result: 'created' | 'duplicate' | 'rejected' | 'failed'): void {
    this.total.inc({ source: request.source, severity: request.severity, result });
  }
}

const limited = (): BrokerError =>
  new BrokerError('limited', 'device.limited', 'This device has raised too many alarms within a minute.', {
    retryAfterSeconds: 60,
  });
