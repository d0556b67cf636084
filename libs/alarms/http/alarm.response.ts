import type { Alarm } from '../alarm.entity.ts';

/** An alarm as clients see it. */
export function alarmResponse(alarm: Alarm) {
  return {
    id: alarm.id,
    status: alarm.status,
    source: alarm.source,
    event: alarm.event,
    created_at: alarm.createdAt,
    person_id: alarm.personId,
    room_id: alarm.roomId,
    site_id: alarm.siteId,
    device_id: alarm.deviceId,
    severity: alarm.severity,
    silent: alarm.silent,
    zammad_ticket_id: alarm.zammadTicketId,
    ack_token: alarm.ackToken,
    acked_at: alarm.ackedAt,
    acked_by: alarm.ackedBy,
    resolved_at: alarm.resolvedAt,
    resolved_by: alarm.resolvedBy,
    cancelled_at: alarm.cancelledAt,
    cancelled_by: alarm.cancelledBy,
    meta: alarm.meta,
  };
}

export type AlarmResponse = ReturnType<typeof alarmResponse>;
