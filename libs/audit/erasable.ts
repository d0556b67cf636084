import type { ErasableTable } from '#platform';

/** Where people are named on a timeline. What happened and when stays as it was written. */
export const ERASABLE_EVENTS: ErasableTable = {
  name: 'alarm_events',
  key: { column: 'seq', type: 'bigint' },
  columns: ['actor', 'data'],
  door: `SELECT set_config('alarm_broker.history', 'erasure', true)`,
};
