export { ALARM_STATUSES, SEVERITIES, Alarm, type AlarmStatus, type Severity } from './alarm.entity.ts';
export { AlarmNote } from './alarm-note.entity.ts';
export { AlarmsModule } from './alarms.module.ts';
export { Alarms, type AlarmFilter, type Page } from './alarms.ts';
export { MAX_ACTOR, MAX_NOTE } from './http/alarm.dto.ts';
export { KEY_DOORS } from './http/key-door.ts';
export { Intake, type Alongside, type RaiseRequest, type Triggered, type TriggerRequest } from './intake.ts';
export { Lifecycle, type Deed } from './lifecycle.ts';
export { TRANSITIONS, type Command } from './transitions.ts';
