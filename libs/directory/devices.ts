import { Injectable } from '@nestjs/common';

import { Database, secondsAfter, statement, type Tx } from '#platform';

/** Presses of one key closer together than this belong to one alarm; each press begins the wait anew. */
export const DUPLICATE_WINDOW_SECONDS = 10;

/** A press belongs to the alarm of the one before; but one in earnest never to a drill. */
const BELONGS = `(d.last_alarm_id IS NOT NULL AND d.last_pressed_at > a.at - interval '${DUPLICATE_WINDOW_SECONDS} s'
                  AND (NOT d.last_was_drill OR a."isDrill"))`;

/** New alarms within the last minute. */
const RECENT = `(SELECT t FROM unnest(d.alarm_times) t WHERE t > a.at - interval '1 minute')`;

/**
 * The dedup point. Concurrent presses of one key queue up at this row, in whatever process they arrived:
 * the first gets its own new alarm id back, the others the same one. `d.…` on the right of SET is the row
 * as the previous press left it. A press over the limit changes nothing and returns nothing.
 *
 * Several that share a transaction must not wait for somebody's row while they hold the others: what is not free
 * they leave alone.
 */
const press = (name: string, free: string, isFree: string) =>
  statement(
    name,
    `WITH a AS (SELECT * FROM jsonb_to_recordset($1) AS a
                  ("tokenHash" text, "alarmId" uuid, at timestamptz, "isDrill" boolean))${free}
     UPDATE devices d
     SET last_pressed_at = GREATEST(d.last_pressed_at, a.at),
         last_alarm_id = CASE WHEN ${BELONGS} THEN d.last_alarm_id ELSE a."alarmId" END,
         last_was_drill = CASE WHEN ${BELONGS} THEN d.last_was_drill ELSE a."isDrill" END,
         alarm_times = CASE WHEN ${BELONGS} THEN d.alarm_times ELSE ARRAY(${RECENT}) || a.at END
     FROM a, persons p, rooms r, sites s
     WHERE d.token_hash = a."tokenHash" AND d.enabled ${isFree}
       AND p.id = d.person_id AND r.id = d.room_id AND s.id = r.site_id
       AND (${BELONGS} OR (SELECT count(*) FROM ${RECENT} recent) < $2)
     RETURNING d.token_hash AS "tokenHash", d.id AS "deviceId", d.last_alarm_id AS "alarmId", d.vendor,
               p.id AS "personId", p.display_name AS person, p.role,
               r.id AS "roomId", r.label AS room, r.floor,
               s.id AS "siteId", s.name AS site, s.time_zone AS "timeZone"`,
  );
const PRESS = press('devices.press', '', '');
const PRESS_FREE = press(
  'devices.press-free',
  `, free AS (SELECT d.id FROM devices d WHERE d.token_hash IN (SELECT "tokenHash" FROM a)
              FOR NO KEY UPDATE SKIP LOCKED)`,
  'AND d.id IN (SELECT id FROM free)',
);

/** A device at the moment of a press, with the words a message needs: whose it is and where it stands. */
export interface PressedDevice {
  readonly tokenHash: string;
  readonly deviceId: string;
  /** The id offered by the press when it begins an alarm, else the one of the alarm it belongs to. */
  readonly alarmId: string;
  readonly vendor: string;
  readonly personId: string;
  readonly person: string;
  readonly role: string | null;
  readonly roomId: string;
  readonly room: string;
  readonly floor: string | null;
  readonly siteId: string;
  readonly site: string;
  readonly timeZone: string | null;
}

export interface Press {
  readonly tokenHash: string;
  /** The id a new alarm would get. */
  readonly alarmId: string;
  readonly at: Date;
  /** Nobody is in need: it is an exercise. */
  readonly isDrill: boolean;
}

export type DeviceState = 'unknown' | 'disabled' | 'without person or room' | 'complete';

/** Phones and buttons, as the alarms need them. */
@Injectable()
export class Devices {
  constructor(private readonly database: Database) {}

  /**
   * Takes note of a press, waiting for whoever has the row of its device.
   * @param limitPerMinute new alarms allowed for one device.
   * @returns nothing when no complete, enabled device has the token or it is over its limit.
   */
  async press(tx: Tx, press: Press, limitPerMinute: number): Promise<PressedDevice | undefined> {
    const [device] = await tx.query<PressedDevice>(PRESS, [JSON.stringify([press]), limitPerMinute]);
    return device;
  }

  /** The same for presses of several devices; those whose row somebody else has are left alone. */
  pressFree(tx: Tx, presses: readonly Press[], limitPerMinute: number): Promise<PressedDevice[]> {
    return tx.query<PressedDevice>(PRESS_FREE, [JSON.stringify(presses), limitPerMinute]);
  }

  /** The alarm is over: the next press of its key, however soon, is a new one. */
  release(tx: Tx, deviceId: string, alarmId: string): void {
    tx.send('UPDATE devices SET last_alarm_id = NULL WHERE id = $1 AND last_alarm_id = $2', [
      deviceId,
      alarmId,
    ]);
  }

  /** When a device at its limit may raise the next alarm; nothing when it may now. */
  async freeAt(tokenHash: string, now: Date, limitPerMinute: number): Promise<Date | undefined> {
    const [row] = await this.database.query<{ at: Date }>(
      `SELECT t + interval '1 minute' AS at FROM devices d, unnest(d.alarm_times) t
       WHERE d.token_hash = $1 AND t > $2 ORDER BY t DESC OFFSET $3 LIMIT 1`,
      [tokenHash, secondsAfter(now, -60), limitPerMinute - 1],
    );
    return row?.at;
  }

  /** Why a press may have been refused. */
  async stateOf(tokenHash: string): Promise<{ state: DeviceState; deviceId?: string }> {
    const [device] = await this.database.query<{ id: string; enabled: boolean; complete: boolean }>(
      `SELECT id, enabled, person_id IS NOT NULL AND room_id IS NOT NULL AS complete
       FROM devices WHERE token_hash = $1`,
      [tokenHash],
    );
    if (device === undefined) return { state: 'unknown' };
    const { id: deviceId, enabled, complete } = device;
    if (!enabled) return { state: 'disabled', deviceId };
    return { state: complete ? 'complete' : 'without person or room', deviceId };
  }
}
