export { shortId, type AlarmBrief, type Purpose, type StateChange } from './alarm-brief.ts';
export { ChannelStateRow } from './channel-state.entity.ts';
export { ChannelReport, type ChannelState } from './channel-report.ts';
export { addressTrouble } from './channels/address-trouble.ts';
export { askChannel } from './channels/ask-channel.ts';
export { CHANNELS, ChannelRegistry } from './channels/channel-registry.ts';
export {
  CHANNEL_KINDS,
  ChannelError,
  type ChannelKind,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from './channels/notification-channel.ts';
export { isConfigured } from './channels/is-configured.ts';
export { fixedRetries } from './channels/retry-policies.ts';
export { type SignalSender } from './channels/signal/recipient.ts';
export { SignalMessages } from './channels/signal/signal-messages.ts';
export { smsProvider } from './channels/sms/sms-provider.ts';
export { ChannelProbes } from './delivery/channel-probes.ts';
export { DeliveryResults, type DeliveryResult } from './delivery/delivery-results.ts';
export { EarlyReport } from './delivery/early-report.entity.ts';
export { Lanes } from './delivery/lanes.ts';
export { NotificationAttempt } from './notification-attempt.entity.ts';
export {
  DEAD_STATUSES,
  NotificationHistory,
  type DeadFilter,
  type DeadStatus,
  type NotificationRecord,
  type Tally,
} from './notification-history.ts';
export { Notification, type NotificationStatus } from './notification.entity.ts';
export { NotificationsModule } from './notifications.module.ts';
export { Outbox, type DueRow, type PlannedTarget } from './outbox.ts';
export { MessageTexts } from './texts/message-texts.ts';
export { DeliveryReports, type DeliveryReport } from './reports/delivery-reports.ts';
export { LANGUAGES as MESSAGE_LANGUAGES } from './texts/languages.ts';
export { localTime, type LocalTime } from './texts/local-time.ts';
export { floorName } from './texts/text-variables.ts';
export { toldOf, type Told } from './told.ts';
export { ERASABLE_NOTIFICATIONS } from './erasable.ts';
export { UntoldAlarm } from './untold-alarm.entity.ts';
export { UntoldAlarms } from './untold-alarms.ts';
