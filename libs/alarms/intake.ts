import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { choiceOfPlace, Devices, Places, type Place } from '#directory';
import { EscalationClock, Policies } from '#escalation';
import {
  answerWithin,
  BrokerError,
  Clock,
  Database,
  hashSecret,
  inSpan,
  invalid,
  logContext,
  newId,
  type Tx,
} from '#platform';

import { SEVERITIES, type AlarmStatus } from './alarm.entity.ts';
import { OPEN_BY_FINGERPRINT } from './alarms.ts';
import { isDrill, NewAlarms, SOURCES, type AlarmRequest } from './new-alarms.ts';
import { PressGate } from './press-gate.ts';
import { Presses, statusOf, type Alongside, type Kept, type TriggerRequest } from './presses.ts';

export const ALARMS_METRIC = 'alarm_broker_alarms_total';
const RESULTS = ['created', 'duplicate', 'rejected', 'failed'] as const;

/** An alarm that no device raised. */
export interface RaiseRequest extends AlarmRequest {
  readonly place: {
    readonly personId: string | null;
    readonly roomId: string | null;
    readonly siteId: string | null;
  };
  /** What to do about an id nobody knows: refuse the alarm, or raise it without. */
  readonly unknownPlaces: 'refuse' | 'leave out';
}

export interface Triggered {
  readonly alarmId: string;
  readonly status: AlarmStatus;
  /** False when it is one that is already under way. */
  readonly isNew: boolean;
}

/** Then whoever presses is told to press again. What was begun may still be kept; the same alarm then. */
const ANSWER_WITHIN_MS = 1900;

const LOCK_FINGERPRINT = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

/** The way in. What it answers is committed; what it has not committed it does not answer. */
@Injectable()
export class Intake {
  private readonly logger = new Logger('Intake');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: PressGate,
    private readonly devices: Devices,
    private readonly places: Places,
    private readonly policies: Policies,
    private readonly newAlarms: NewAlarms,
    private readonly presses: Presses,
    private readonly escalations: EscalationClock,
    @InjectMetric(ALARMS_METRIC) private readonly total: Counter<'source' | 'severity' | 'result'>,
  ) {
    for (const source of SOURCES)
      for (const severity of SEVERITIES)
        for (const result of RESULTS) total.inc({ source, severity, result }, 0);
  }

  /**
   * The key of a device: raises an alarm, or adds a press to the one that is under way. Returns only after the
   * commit; the workers are rung afterwards, and whether that succeeds changes nothing.
   *
   * @throws BrokerError `device.unknown`, `device.disabled`, `device.incomplete`, `device.limited`,
   * `database.unavailable`.
   */
  trigger(request: TriggerRequest, alongside?: Alongside): Promise<Triggered> {
    return this.counted(request, async () => {
      const tokenHash = hashSecret(request.deviceToken);
      const wait = await this.gate.ask(tokenHash, this.presses.limitPerMinute);
      if (wait !== undefined) throw this.limited(wait);
      const { event } = request;
      const named = { tokenHash, alarmId: newId(), at: this.clock.now(), isDrill: isDrill(event) };
      const press = { ...named, request, context: logContext() };
      const kept = await this.presses.keep(press, alongside);
      if (kept === undefined) throw await this.refusal(tokenHash);
      return kept;
    });
  }

  /**
   * Raises an alarm that no device stands for, unless one with the same source and fingerprint is open. The same
   * promises as {@link trigger}; nothing limits it but the key of whoever may call.
   *
   * @throws BrokerError `request.invalid` for unknown places, if they are to be refused; `database.unavailable`.
   */
  raise(request: RaiseRequest, alongside?: Alongside): Promise<Triggered> {
    return this.counted(request, () => {
      const alarmId = newId();
      return this.database.transaction(async (tx) => {
        const [open, place, plans] = await Promise.all([
          this.openAlarm(tx, request),
          this.places.find(tx, request.place),
          this.policies.currentPlans(tx, choiceOfPlace(request.place)),
        ]);
        if (open === undefined && request.unknownPlaces === 'refuse') refuseUnknown(request.place, place);
        const bells =
          open === undefined
            ? this.newAlarms.begin(tx, alarmId, request, { ...place, deviceId: null }, plans.get(''))
            : undefined;
        const status = open === undefined ? 'triggered' : await statusOf(tx, open);
        await alongside?.(tx, open ?? alarmId, open === undefined);
        return { alarmId: open ?? alarmId, status, bells };
      });
    });
  }

  /** Counts what became of it, and rings for a new alarm. */
  private async counted(request: AlarmRequest, keep: () => Promise<Kept>): Promise<Triggered> {
    const { source, severity } = request;
    const facts = { 'alarm_broker.source': source, 'alarm_broker.severity': severity };
    const traced = inSpan('keep alarm', { facts }, async (span) => {
      const alarm = await keep();
      const result = alarm.bells === undefined ? 'duplicate' : 'created';
      span.set({ 'alarm_broker.alarm.id': alarm.alarmId, 'alarm_broker.result': result });
      return alarm;
    });
    const kept = traced.then((alarm) => {
      // Also for one that is kept too late to be answered.
      if (alarm.bells !== undefined) this.escalations.ring(alarm.bells);
      return alarm;
    });
    try {
      const { alarmId, status, bells } = await answerWithin(ANSWER_WITHIN_MS, kept);
      const isNew = bells !== undefined;
      this.total.inc({ source, severity, result: isNew ? 'created' : 'duplicate' });
      this.logger.log({ alarmId, source }, isNew ? 'alarm triggered' : 'alarm triggered again');
      return { alarmId, status, isNew };
    } catch (error) {
      this.total.inc({ source, severity, result: isRefusal(error) ? 'rejected' : 'failed' });
      throw error;
    }
  }

  /** Holds off everybody else with this fingerprint until the end of the transaction, and looks. */
  private async openAlarm(tx: Tx, { source, fingerprint }: AlarmRequest): Promise<string | undefined> {
    if (fingerprint === undefined) return undefined;
    tx.send(LOCK_FINGERPRINT, [`alarms ${source} ${fingerprint}`]);
    const [open] = await tx.query<{ id: string }>(OPEN_BY_FINGERPRINT, [source, fingerprint]);
    return open?.id;
  }

  private async refusal(tokenHash: string): Promise<BrokerError> {
    const { state, deviceId } = await this.devices.stateOf(tokenHash);
    switch (state) {
      case 'unknown':
        return new BrokerError('not-found', 'device.unknown', 'No device has this token.');
      case 'disabled':
        // Nobody is told, but somebody pressed: whoever reads the logs may want to look after them.
        this.logger.warn({ deviceId }, 'The key of a disabled device was pressed');
        return new BrokerError('conflict', 'device.disabled', 'The device is switched off.');
      case 'without person or room':
        return new BrokerError('conflict', 'device.incomplete', 'The device has no person or no room.');
      case 'complete': {
        const now = this.clock.now();
        const free = await this.devices.freeAt(tokenHash, now, this.presses.limitPerMinute);
        return this.limited(Math.ceil(((free ?? now).getTime() - now.getTime()) / 1000));
      }
    }
  }

  private limited(seconds: number): BrokerError {
    return new BrokerError(
      'limited',
      'device.limited',
      'This device has raised too many alarms within a minute.',
      {
        retryAfterSeconds: Math.max(1, seconds),
        quota: { policy: 'device', limit: this.presses.limitPerMinute, windowSeconds: 60 },
      },
    );
  }
}

/** Whether it was the caller's fault. An alarm that we could not keep is a failure of ours. */
const isRefusal = (error: unknown): boolean =>
  error instanceof BrokerError && error.category !== 'unavailable';

function refuseUnknown(wanted: RaiseRequest['place'], found: Place): void {
  const violations = [
    ...(wanted.personId === found.personId
      ? []
      : [{ pointer: '/person_id', detail: 'is not a known person' }]),
    ...(wanted.roomId === found.roomId ? [] : [{ pointer: '/room_id', detail: 'is not a known room' }]),
  ];
  if (violations.length > 0) throw invalid(violations);
}
