import type { Purpose } from './alarm-brief.ts';
import type { ChannelKind } from './channels/notification-channel.ts';

/** Which notification of which alarm, and whom it tells by what. */
export interface NotificationRef {
  readonly notificationId: string;
  readonly alarmId: string;
  readonly purpose: Purpose;
  readonly round: number;
  readonly stepNo: number;
  readonly targetId: string;
  readonly label: string;
  readonly channel: ChannelKind;
  /** Of the request it was planned for. */
  readonly requestId: string | null;
}
