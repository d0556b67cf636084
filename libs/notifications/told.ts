import type { ChannelKind } from './channels/notification-channel.ts';
import type { NotificationStatus } from './notification.entity.ts';

/** How far one target has been alerted. */
export interface Told {
  readonly label: string;
  readonly channel: ChannelKind;
  readonly status: NotificationStatus;
  /** ISO 8601; when it was sent, or when it was given up. Null while it is under way. */
  readonly at: string | null;
}

/**
 * SQL for the {@link Told} of an alarm in the order of its plan, as one jsonb array: for statements that read a whole
 * alarm at once. @param alarmId the column that names it
 */
export const toldOf = (alarmId: string): string => `
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('label', n.label, 'channel', n.channel, 'status', n.status,
                                                'at', n.finished_at) ORDER BY n.created_at, n.label, n.id), '[]')
   FROM notifications n WHERE n.alarm_id = ${alarmId} AND n.purpose = 'alert')`;
