import { ApiProperty } from '@nestjs/swagger';

import {
  CHANNEL_KINDS,
  type ChannelKind,
  type NotificationAttempt,
  type NotificationRecord,
  type NotificationStatus,
  type Purpose,
} from '#notifications';

const TIME = '2026-03-02T08:00:00.000Z';
const STATUSES = [
  'scheduled',
  'sending',
  'sent',
  'delivered',
  'failed',
  'ambiguous',
  'skipped',
  'withdrawn',
] as const;
const RESULTS = ['sent', 'failed', 'ambiguous', 'skipped', 'lost'] as const;

/** One try to send a notification, as clients see it. */
export class AttemptDocument {
  @ApiProperty({ type: 'integer', example: 1 })
  attempt!: number;

  @ApiProperty({ type: String, format: 'date-time', example: TIME })
  started_at!: Date;

  @ApiProperty({ type: String, format: 'date-time', example: TIME })
  finished_at!: Date;

  @ApiProperty({
    enum: RESULTS,
    example: 'failed',
    description: '`ambiguous`: it may have arrived; `lost`: the worker died before it could say.',
  })
  result!: NotificationAttempt['result'];

  @ApiProperty({ type: String, nullable: true, example: 'timeout', description: 'Why it failed, as a word.' })
  reason!: string | null;
}

/** One thing to tell one target, as clients see it. */
export class NotificationDocument {
  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea89-7f10-a4f5-4fd4a4dbb2c8' })
  id!: string;

  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' })
  alarm_id!: string;

  @ApiProperty({
    enum: ['alert', 'acknowledged', 'resolved', 'cancelled'],
    example: 'alert',
    description: 'An alert is a step of the plan; the others follow a change of state.',
  })
  purpose!: Purpose;

  @ApiProperty({ type: 'integer', example: 0, description: 'How often the plan had been repeated before.' })
  round!: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 0, description: 'Null for a follow-up.' })
  step_no!: number | null;

  @ApiProperty({ example: 'guard' })
  target_id!: string;

  @ApiProperty({ example: 'Guard' })
  label!: string;

  @ApiProperty({ enum: CHANNEL_KINDS, example: 'sms' })
  channel!: ChannelKind;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '…678',
    description: 'Its end, or the host of a URL; null when the configured address of the channel is meant.',
  })
  address!: string | null;

  @ApiProperty({
    enum: STATUSES,
    example: 'sent',
    description:
      '`sent`: the other side has accepted it; `delivered`: it has reported that it arrived; `ambiguous`: it may have arrived.',
  })
  status!: NotificationStatus;

  @ApiProperty({ type: 'integer', example: 1, description: 'Attempts begun.' })
  attempts!: number;

  @ApiProperty({ type: String, format: 'date-time', example: TIME, description: 'Of the next attempt.' })
  due_at!: Date;

  @ApiProperty({ type: String, format: 'date-time', example: TIME })
  created_at!: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: TIME })
  finished_at!: Date | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'When the alarm was answered, if that came first.',
  })
  withdrawn_at!: Date | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'msg-4711',
    description: 'What the other side calls it: a ticket number, the id of a message.',
  })
  external_ref!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'The server answered 503 Service Unavailable.',
    description: 'Why it is not sent (yet), for a person.',
  })
  reason!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'd68d5f4c-e5fc-4336-bdb7-147fff0c7de7' })
  request_id!: string | null;

  @ApiProperty({ type: [AttemptDocument], description: 'Every attempt that has ended, in order.' })
  attempt_log!: AttemptDocument[];
}

export const notificationDocument = (record: NotificationRecord): NotificationDocument => ({
  id: record.id,
  alarm_id: record.alarmId,
  purpose: record.purpose,
  round: record.round,
  step_no: record.stepNo,
  target_id: record.targetId,
  label: record.label,
  channel: record.channel,
  address: record.maskedAddress,
  status: record.status,
  attempts: record.attempts,
  due_at: record.dueAt,
  created_at: record.createdAt,
  finished_at: record.finishedAt,
  withdrawn_at: record.withdrawnAt,
  external_ref: record.externalRef,
  reason: record.reason,
  request_id: record.requestId,
  attempt_log: record.attemptLog.map((attempt) => ({
    attempt: attempt.attempt,
    started_at: attempt.startedAt,
    finished_at: attempt.finishedAt,
    result: attempt.result,
    reason: attempt.reason,
  })),
});
