import { Injectable } from '@nestjs/common';

import { Timeline } from '#audit';
import type { Place } from '#directory';
import { EscalationClock, type Bells, type Plan } from '#escalation';
import type { AlarmBrief } from '#notifications';
import { Clock, newSecret, Settings, statement, type Tx } from '#platform';

import type { Severity } from './alarm.entity.ts';

/** The doors alarms come in by. */
export const SOURCES = ['yealink', 'url', 'api', 'alertmanager'] as const;
export type Source = (typeof SOURCES)[number];

/** What any door knows of the alarm it brings. */
export interface AlarmRequest {
  readonly source: Source;
  readonly event: string;
  readonly severity: Severity;
  readonly silent: boolean;
  readonly clientIp: string;
  readonly userAgent: string | null;
  /** What else the caller said; kept with the alarm, behind what we noted ourselves. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** The name of the key it was raised with; nothing for a device. */
  readonly actor?: string | undefined;
  /** What it is called where it comes from. */
  readonly fingerprint?: string | undefined;
}

/** Where an alarm comes from: a place, and the device that stands there, if it was one. */
export interface Origin extends Place {
  readonly deviceId: string | null;
}

const INSERT = statement(
  'alarms.insert',
  `INSERT INTO alarms (id, status, source, event, severity, silent, created_at, device_id, person_id, room_id,
                       site_id, ack_token, meta, fingerprint)
   SELECT a.id, 'triggered', a.source, a.event, a.severity, a.silent, a.at, a."deviceId", a."personId", a."roomId",
          a."siteId", a."ackToken", a.meta, a.fingerprint
   FROM jsonb_to_recordset($1) AS a
     (id uuid, source text, event text, severity text, silent boolean, at timestamptz, "deviceId" text,
      "personId" text, "roomId" text, "siteId" text, "ackToken" text, meta jsonb, fingerprint text)`,
);

/** What is written into the record of an alarm later, by those who answer it and with its ticket: not for a door to say. */
const NOT_OF_DOORS = [
  ...['notes', 'ack_note', 'resolve_note', 'cancel_note'],
  ...['zammad_ticket_number', 'zammad_ticket_url'],
];

/** Events that are exercises: everything happens as in earnest, and every message says that it is one. */
const DRILLS = ['alarm.drill', 'alarm.test'];

/** Whether an event says that it is an exercise. */
export const isDrill = (event: string): boolean => DRILLS.includes(event);

/** Writing a new alarm with all that belongs to it. */
@Injectable()
export class NewAlarms {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly escalations: EscalationClock,
    private readonly timeline: Timeline,
  ) {}

  /** The alarm, its clock with the frozen plan, the first notifications, the timeline. Nothing is waited for. */
  begin(tx: Tx, alarmId: string, request: AlarmRequest, origin: Origin, plan: Plan | undefined): Bells {
    const at = this.clock.now();
    const ackToken = newSecret();
    const { source, event, severity, silent, fingerprint } = request;
    const { deviceId, personId, roomId, siteId } = origin;
    const row = { id: alarmId, source, event, severity, silent, at, ackToken, fingerprint };
    tx.add(INSERT, {
      ...row,
      ...{ deviceId, personId, roomId, siteId },
      meta: {
        ...Object.fromEntries(Object.entries(request.facts).filter(([key]) => !NOT_OF_DOORS.includes(key))),
        received_at: at.toISOString(),
        client_ip: request.clientIp,
        user_agent: request.userAgent,
      },
    });
    this.timeline.append(tx, [
      {
        alarmId,
        at,
        type: 'alarm.triggered',
        actor: request.actor,
        requestId: request.requestId,
        data: { source: request.source, ...(origin.deviceId === null ? {} : { device: origin.deviceId }) },
      },
    ]);
    const brief: AlarmBrief = {
      alarmId,
      severity: request.severity,
      silent: request.silent,
      source: request.source,
      event: request.event,
      triggeredAt: at.toISOString(),
      simulated: this.settings.SIMULATION_ENABLED,
      drill: isDrill(request.event),
      person: origin.person,
      role: origin.role,
      room: origin.room,
      floor: origin.floor,
      site: origin.site,
      timeZone: origin.timeZone ?? this.settings.DEFAULT_TIME_ZONE,
      link: `${this.settings.BASE_URL.replace(/\/$/, '')}/a/${ackToken}`,
    };
    return this.escalations.start(tx, plan, brief, request.requestId);
  }
}
