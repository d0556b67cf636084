import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';

import { Timeline } from '#audit';
import {
  choiceOfPlace,
  choicesOfDevices,
  Devices,
  Places,
  type Place,
  type Press,
  type PressedDevice,
} from '#directory';
import { EscalationClock, Policies, type Bells, type Plan } from '#escalation';
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
  Settings,
  Together,
  withLogContext,
  type LogContext,
  type Tx,
} from '#platform';

import { SEVERITIES, type AlarmStatus } from './alarm.entity.ts';
import { OPEN_BY_FINGERPRINT } from './alarms.ts';
import { isDrill, NewAlarms, SOURCES, type AlarmRequest } from './new-alarms.ts';
import { PressGate } from './press-gate.ts';

export const ALARMS_METRIC = 'alarm_broker_alarms_total';
const RESULTS = ['created', 'duplicate', 'rejected', 'failed'] as const;

/** A press as it came in by some door. */
export interface TriggerRequest extends AlarmRequest {
  readonly deviceToken: string;
}

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

/** Something that is committed together with the alarm, or not at all. Run again when the transaction is. */
export type Alongside = (tx: Tx, alarmId: string, isNew: boolean) => Promise<void>;

interface Kept {
  readonly alarmId: string;
  readonly status: AlarmStatus;
  /** Nothing when the alarm was there already. */
  readonly bells: Bells | undefined;
}

/** A press on its way into a transaction, which it may share with others. */
interface KeyPress extends Press {
  readonly request: TriggerRequest;
  /** Of the request, which the transaction does not belong to. */
  readonly context: LogContext;
}

/** Transactions of presses under way at the same time, and the most presses in one. */
const ROUNDS = 2;
const MOST = 64;

/** No limit: in a demonstration keys are pressed again and again. */
const UNLIMITED = 1_000_000;

/** Then whoever presses is told to press again. What was begun may still be kept; the same alarm then. */
const ANSWER_WITHIN_MS = 1900;

const LOCK_FINGERPRINT = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

/** The way in. What it answers is committed; what it has not committed it does not answer. */
@Injectable()
export class Intake {
  private readonly logger = new Logger('Intake');
  private readonly limitPerMinute: number;
  private readonly presses: Together<KeyPress, Kept | undefined>;

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly gate: PressGate,
    private readonly devices: Devices,
    private readonly places: Places,
    private readonly policies: Policies,
    private readonly newAlarms: NewAlarms,
    private readonly escalations: EscalationClock,
    private readonly timeline: Timeline,
    @InjectMetric(ALARMS_METRIC) private readonly total: Counter<'source' | 'severity' | 'result'>,
  ) {
    this.limitPerMinute = settings.SIMULATION_ENABLED ? UNLIMITED : settings.RATE_LIMIT_PER_MINUTE;
    this.presses = new Together({
      all: (presses) => this.keepFree(presses),
      nameOf: ({ tokenHash }) => tokenHash,
      concernsAll: (error) => error instanceof BrokerError && error.category === 'unavailable',
      rounds: ROUNDS,
      most: MOST,
    });
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
      const wait = await this.gate.ask(tokenHash, this.limitPerMinute);
      if (wait !== undefined) throw this.limited(wait);
      const { event } = request;
      const named = { tokenHash, alarmId: newId(), at: this.clock.now(), isDrill: isDrill(event) };
      const press = { ...named, request, context: logContext() };
      const kept =
        (alongside === undefined ? await this.presses.do(press) : undefined) ??
        (await this.keepAlone(press, alongside));
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
        const status = open === undefined ? 'triggered' : await this.statusOf(tx, open);
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

  /**
   * One transaction for presses of several keys: two round trips and one commit for all of them. @returns nothing for a
   * press whose device row somebody else has, or which it refused.
   */
  private keepFree(presses: readonly KeyPress[]): Promise<(Kept | undefined)[]> {
    return this.database.transaction(async (tx) => {
      const [devices, plans] = await Promise.all([
        this.devices.pressFree(tx, presses.map(bare), this.limitPerMinute),
        this.plansOf(tx, presses),
      ]);
      const byToken = new Map(devices.map((device) => [device.tokenHash, device]));
      return Promise.all(
        presses.map((press) => {
          const device = byToken.get(press.tokenHash);
          if (device === undefined) return Promise.resolve(undefined);
          return this.keep(tx, press, device, plans.get(press.tokenHash));
        }),
      );
    });
  }

  /** One transaction for one press, which waits for its device row. @returns nothing when that refused it. */
  private keepAlone(press: KeyPress, alongside: Alongside | undefined): Promise<Kept | undefined> {
    return this.database.transaction(async (tx) => {
      const [device, plans] = await Promise.all([
        this.devices.press(tx, bare(press), this.limitPerMinute),
        this.plansOf(tx, [press]),
      ]);
      if (device === undefined) return undefined;
      const kept = await this.keep(tx, press, device, plans.get(press.tokenHash));
      await alongside?.(tx, kept.alarmId, kept.bells !== undefined);
      return kept;
    });
  }

  private plansOf(tx: Tx, presses: readonly KeyPress[]): Promise<ReadonlyMap<string, Plan>> {
    return this.policies.currentPlans(tx, choicesOfDevices(presses.map(({ tokenHash }) => tokenHash)));
  }

  /** A new alarm, or one more press of the one that is under way. */
  private async keep(
    tx: Tx,
    { alarmId, at, request, context }: KeyPress,
    device: PressedDevice,
    plan: Plan | undefined,
  ): Promise<Kept> {
    if (device.alarmId === alarmId) {
      const begin = () => this.newAlarms.begin(tx, alarmId, request, device, plan);
      return { alarmId, status: 'triggered', bells: withLogContext(context, begin) };
    }
    this.timeline.append(tx, [
      {
        alarmId: device.alarmId,
        at,
        type: 'alarm.pressed-again',
        actor: request.actor,
        requestId: request.requestId,
        data: { source: request.source, device: device.deviceId },
      },
    ]);
    return { alarmId: device.alarmId, status: await this.statusOf(tx, device.alarmId), bells: undefined };
  }

  /** Holds off everybody else with this fingerprint until the end of the transaction, and looks. */
  private async openAlarm(tx: Tx, { source, fingerprint }: AlarmRequest): Promise<string | undefined> {
    if (fingerprint === undefined) return undefined;
    tx.send(LOCK_FINGERPRINT, [`alarms ${source} ${fingerprint}`]);
    const [open] = await tx.query<{ id: string }>(OPEN_BY_FINGERPRINT, [source, fingerprint]);
    return open?.id;
  }

  /** Read with the press, not after it: what has been kept must not be answered with a failure. */
  private async statusOf(tx: Tx, alarmId: string): Promise<AlarmStatus> {
    const [alarm] = await tx.query<{ status: AlarmStatus }>('SELECT status FROM alarms WHERE id = $1', [
      alarmId,
    ]);
    return alarm?.status ?? 'triggered';
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
        const free = await this.devices.freeAt(tokenHash, now, this.limitPerMinute);
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
        quota: { policy: 'device', limit: this.limitPerMinute, windowSeconds: 60 },
      },
    );
  }
}

/** As the device row needs to know it. */
const bare = ({ tokenHash, alarmId, at, isDrill: drill }: KeyPress): Press => ({
  tokenHash,
  alarmId,
  at,
  isDrill: drill,
});
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
