import type { ErasableTable } from '#platform';

/** Where people are named in alarms and in the notes on them. */
export const ERASABLE_ALARMS: readonly ErasableTable[] = [
  {
    name: 'alarms',
    key: { column: 'id', type: 'uuid' },
    columns: ['acked_by', 'resolved_by', 'cancelled_by', 'meta'],
    alongside: ', version = version + 1',
  },
  { name: 'alarm_notes', key: { column: 'id', type: 'uuid' }, columns: ['created_by', 'note'] },
];
