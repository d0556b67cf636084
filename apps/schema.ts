import { ApiKey, SessionRow } from '#access';
import { Erasure } from '#admin';
import { Alarm, AlarmNote } from '#alarms';
import { AlarmEvent } from '#audit';
import { Device, Person, Room, Site } from '#directory';
import { Escalation, EscalationPolicy, EscalationStep, EscalationTarget } from '#escalation';
import { ChannelStateRow, EarlyReport, Notification, NotificationAttempt, UntoldAlarm } from '#notifications';
import { IdempotentRequest, SchemaFloorRow, WorkerRow, type SchemaParts } from '#platform';
import { SimulatedNotification } from '#simulation';

import { MIGRATIONS } from '../migrations/index.ts';

/** Every table of the house, and the migrations that make them. */
export const SCHEMA: SchemaParts = {
  entities: [
    ApiKey,
    SessionRow,
    Site,
    Room,
    Person,
    Device,
    EscalationPolicy,
    EscalationTarget,
    EscalationStep,
    Alarm,
    AlarmNote,
    AlarmEvent,
    Escalation,
    Notification,
    NotificationAttempt,
    ChannelStateRow,
    EarlyReport,
    UntoldAlarm,
    SimulatedNotification,
    IdempotentRequest,
    WorkerRow,
    SchemaFloorRow,
    Erasure,
  ],
  migrations: MIGRATIONS,
};
