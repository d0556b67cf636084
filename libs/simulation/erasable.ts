import type { ErasableTable } from '#platform';

/** Where people are named in what was only simulated. */
export const ERASABLE_FEED: ErasableTable = {
  name: 'simulated_notifications',
  key: { column: 'id', type: 'uuid' },
  columns: ['payload'],
};
