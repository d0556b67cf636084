import type { AlarmEvent, EventType } from '../alarm-event.entity.ts';
import { eventDocument } from '../event.document.ts';

/** What a reader wants to hear of; what is not said is everything. */
export interface EventFilter {
  readonly alarmId?: string | undefined;
  readonly types?: readonly EventType[] | undefined;
}

/** An entry ready to be written to any number of streams. */
export interface LiveEntry {
  readonly seq: bigint;
  readonly alarmId: string;
  readonly type: EventType;
  /** As a server-sent event (WHATWG HTML, 9.2). JSON has no line breaks, so one `data:` line holds it. */
  readonly frame: string;
}

export const liveEntry = (event: AlarmEvent): LiveEntry => ({
  seq: BigInt(event.seq),
  alarmId: event.alarmId,
  type: event.type,
  frame: `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(eventDocument(event))}\n\n`,
});

/** A piece of a stream: what to write, and how far that brings its reader. */
export interface Page {
  readonly text: string;
  readonly upTo: bigint;
}

/** What is written at once; the rest waits until that is taken. */
const PAGE_CHARACTERS = 64 * 1024;

/** The first of these entries that make a page. @param last how far all of them together bring a reader. */
export function pageOf(entries: readonly LiveEntry[], filter: EventFilter, last: bigint): Page {
  let text = '';
  for (const entry of entries) {
    if (passes(entry, filter)) text += entry.frame;
    if (text.length >= PAGE_CHARACTERS) return { text, upTo: entry.seq };
  }
  return { text, upTo: last };
}

const passes = (entry: LiveEntry, { alarmId, types }: EventFilter): boolean =>
  (alarmId === undefined || alarmId === entry.alarmId) && (types?.includes(entry.type) ?? true);
