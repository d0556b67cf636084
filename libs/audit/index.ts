export { AlarmEvent, EVENT_TYPES, type EventType } from './alarm-event.entity.ts';
export { AuditModule } from './audit.module.ts';
export { eventDocument, EventDocument } from './event.document.ts';
export { EventReaders, STREAM_HEADERS, type ReaderWish } from './live/event-readers.ts';
export { LiveEventsModule } from './live/live-events.module.ts';
export { Timeline, type TimelineEntry } from './timeline.ts';
export { ERASABLE_EVENTS } from './erasable.ts';
