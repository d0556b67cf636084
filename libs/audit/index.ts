export { AlarmEvent, type EventType } from './alarm-event.entity.ts';
export { AuditModule } from './audit.module.ts';
export { Timeline, type TimelineEntry } from './timeline.ts';
