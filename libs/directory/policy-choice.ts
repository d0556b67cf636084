import type { Reference, Value } from '#platform';

/** Who may name the escalation policy of their alarms. The nearest to the alarm counts. */
export const POLICY_USERS: readonly Reference[] = [
  { noun: 'device', table: 'devices', column: 'escalation_policy_id' },
  { noun: 'room', table: 'rooms', column: 'escalation_policy_id' },
  { noun: 'site', table: 'sites', column: 'escalation_policy_id' },
];

/**
 * Which policies alarms are to follow, as a question that becomes part of the statement that reads the plans:
 * a press then needs no answer about its device before it can ask for its plan.
 */
export interface PolicyChoice {
  /** The name of a prepared statement contains it. */
  readonly by: 'device' | 'place';
  /** Selects `name`, whose it is, and `policy`, its id or null. Constant text; its parameters are the values. */
  readonly sql: string;
  readonly values: readonly Value[];
}

/** For each of these devices its policy, else that of its room, else of its site. */
export const choicesOfDevices = (tokenHashes: readonly string[]): PolicyChoice => ({
  by: 'device',
  sql: `SELECT d.token_hash AS name,
               COALESCE(d.escalation_policy_id, r.escalation_policy_id, s.escalation_policy_id) AS policy
        FROM devices d LEFT JOIN rooms r ON r.id = d.room_id LEFT JOIN sites s ON s.id = r.site_id
        WHERE d.token_hash = ANY($1)`,
  values: [tokenHashes],
});

/** The policy of a room, else of its site; of the site alone where there is no room. */
export const choiceOfPlace = (place: { roomId: string | null; siteId: string | null }): PolicyChoice => ({
  by: 'place',
  sql: `SELECT '' AS name, COALESCE(r.escalation_policy_id, s.escalation_policy_id) AS policy
        FROM (SELECT) AS one LEFT JOIN rooms r ON r.id = $1 LEFT JOIN sites s ON s.id = COALESCE(r.site_id, $2)`,
  values: [place.roomId, place.siteId],
});
