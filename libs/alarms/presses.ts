import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import { choicesOfDevices, Devices, type Press, type PressedDevice } from '#directory';
import { Policies, type Bells, type Plan } from '#escalation';
import {
  BrokerError,
  Database,
  Settings,
  Together,
  withLogContext,
  type LogContext,
  type Tx,
} from '#platform';

import type { AlarmStatus } from './alarm.entity.ts';
import { NewAlarms, type AlarmRequest } from './new-alarms.ts';

/** A press as it came in by some door. */
export interface TriggerRequest extends AlarmRequest {
  readonly deviceToken: string;
}

/** What has been committed. */
export interface Kept {
  readonly alarmId: string;
  readonly status: AlarmStatus;
  /** Nothing when the alarm was there already. */
  readonly bells: Bells | undefined;
}

/** Something that is committed together with the alarm, or not at all. Run again when the transaction is. */
export type Alongside = (tx: Tx, alarmId: string, isNew: boolean) => Promise<void>;

/** A press on its way into a transaction, which it may share with others. */
export interface KeyPress extends Press {
  readonly request: TriggerRequest;
  /** Of the request, which the transaction does not belong to. */
  readonly context: LogContext;
}

/** Transactions of presses under way at the same time, and the most presses in one. */
const ROUNDS = 2;
const MOST = 64;

/** No limit: in a demonstration keys are pressed again and again. */
const UNLIMITED = 1_000_000;

/** Presses of keys on their way into PostgreSQL. Those that come while others are being kept share a transaction. */
@Injectable()
export class Presses {
  /** Of one key. */
  readonly limitPerMinute: number;
  private readonly free: Together<KeyPress, Kept | undefined>;

  constructor(
    settings: Settings,
    private readonly database: Database,
    private readonly devices: Devices,
    private readonly policies: Policies,
    private readonly newAlarms: NewAlarms,
    private readonly timeline: Timeline,
  ) {
    this.limitPerMinute = settings.SIMULATION_ENABLED ? UNLIMITED : settings.RATE_LIMIT_PER_MINUTE;
    this.free = new Together({
      all: (presses) => this.keepFree(presses),
      nameOf: ({ tokenHash }) => tokenHash,
      concernsAll: (error) => error instanceof BrokerError && error.category === 'unavailable',
      rounds: ROUNDS,
      most: MOST,
    });
  }

  /**
   * @returns what is committed, or nothing when the device row refuses the press: unknown, disabled, incomplete or
   * pressed too often.
   * @throws BrokerError `database.unavailable`.
   */
  async keep(press: KeyPress, alongside?: Alongside): Promise<Kept | undefined> {
    const shared = alongside === undefined ? await this.free.do(press) : undefined;
    return shared ?? this.keepAlone(press, alongside);
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
          return this.write(tx, press, device, plans.get(press.tokenHash));
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
      const kept = await this.write(tx, press, device, plans.get(press.tokenHash));
      await alongside?.(tx, kept.alarmId, kept.bells !== undefined);
      return kept;
    });
  }

  private plansOf(tx: Tx, presses: readonly KeyPress[]): Promise<ReadonlyMap<string, Plan>> {
    return this.policies.currentPlans(tx, choicesOfDevices(presses.map(({ tokenHash }) => tokenHash)));
  }

  /** A new alarm, or one more press of the one that is under way. */
  private async write(
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
    return { alarmId: device.alarmId, status: await statusOf(tx, device.alarmId), bells: undefined };
  }
}

/** Read with the press, not after it: what has been kept must not be answered with a failure. */
export async function statusOf(tx: Tx, alarmId: string): Promise<AlarmStatus> {
  const [alarm] = await tx.query<{ status: AlarmStatus }>('SELECT status FROM alarms WHERE id = $1', [
    alarmId,
  ]);
  return alarm?.status ?? 'triggered';
}

/** As the device row needs to know it. */
const bare = ({ tokenHash, alarmId, at, isDrill: drill }: KeyPress): Press => ({
  tokenHash,
  alarmId,
  at,
  isDrill: drill,
});
