import { Injectable } from '@nestjs/common';

import {
  BrokerError,
  brokenConstraint,
  Clock,
  Database,
  hashSecret,
  newSecret,
  Register,
  type Precondition,
  type RegisterRow,
  type Tx,
} from '#platform';

/** A device as an operator describes it, all of it. */
export interface DeviceRecord {
  vendor?: string | null;
  model_family?: string | null;
  mac?: string | null;
  account_ext?: string | null;
  person_id: string | null;
  room_id: string | null;
  escalation_policy_id?: string | null;
  enabled?: boolean | null;
}

/** A device as it is shown: never with its token. */
export interface DeviceRow extends RegisterRow, Required<DeviceRecord> {
  readonly vendor: string;
  readonly enabled: boolean;
  readonly last_pressed_at: Date | null;
}

interface Description extends DeviceRecord {
  readonly token_hash: string;
  readonly tokenGiven: boolean;
}

/** Devices by id, for those who look after them. What a press needs is in `Devices`. */
@Injectable()
export class DeviceRegister extends Register<DeviceRow, Description> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, {
      noun: 'device',
      table: 'devices',
      columns: {
        vendor: 'yealink',
        model_family: null,
        mac: null,
        account_ext: null,
        person_id: null,
        room_id: null,
        escalation_policy_id: null,
        enabled: true,
      },
      hidden: ['token_hash'],
      shown: { last_pressed_at: 't.last_pressed_at' },
      users: [],
    });
  }

  /**
   * Creates the device or replaces its description. One that exists keeps its token unless another is given.
   * @returns with a new device also its token, for the only time.
   * @throws BrokerError as {@link put}, and `device.token-taken`.
   */
  async describe(
    id: string,
    record: DeviceRecord,
    givenToken: string | undefined,
    condition: Precondition,
  ): Promise<{ row: DeviceRow; created: boolean; token?: string }> {
    const token = givenToken ?? newSecret();
    const data = { ...record, token_hash: hashSecret(token), tokenGiven: givenToken !== undefined };
    const { row, created } = await this.put(id, data, condition);
    return { row, created, ...(created ? { token } : {}) };
  }

  /**
   * From this moment only a new token raises alarms.
   * @returns it, for the only time. @throws BrokerError `device.unknown`, `device.outdated`.
   */
  async rotateToken(id: string, condition: Precondition): Promise<{ row: DeviceRow; token: string }> {
    const token = newSecret();
    const { row } = await this.change(id, condition, (tx) => {
      tx.send('UPDATE devices SET token_hash = $2, version = version + 1, updated_at = $3 WHERE id = $1', [
        id,
        hashSecret(token),
        this.clock.now(),
      ]);
    });
    return { row, token };
  }

  protected override async write(tx: Tx, id: string, data: Description): Promise<void> {
    await super.write(tx, id, data);
    if (data.tokenGiven) tx.send('UPDATE devices SET token_hash = $2 WHERE id = $1', [id, data.token_hash]);
  }

  protected override refusalOf(error: unknown): unknown {
    if (brokenConstraint(error)?.constraint !== 'devices_token_hash_key') return super.refusalOf(error);
    return new BrokerError('conflict', 'device.token-taken', 'Another device has this token.');
  }
}
