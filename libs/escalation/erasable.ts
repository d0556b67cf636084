import type { ErasableTable } from '#platform';

/** Where people are named in frozen plans and briefs. A running clock needs them. */
export const ERASABLE_CLOCKS: ErasableTable = {
  name: 'escalations',
  key: { column: 'alarm_id', type: 'uuid' },
  columns: ['plan', 'brief'],
  isBusy: 'next_step_at IS NOT NULL',
};
