import type { ErasableTable } from '#platform';

/** Where people are named in what was sent. What is still to be sent needs them. */
export const ERASABLE_NOTIFICATIONS: ErasableTable = {
  name: 'notifications',
  key: { column: 'id', type: 'uuid' },
  columns: ['label', 'address', 'brief', 'reason'],
  isBusy: `status IN ('scheduled', 'sending')`,
};
