import type { AlarmEvent } from '#audit';

import { Moment } from '../components/time.tsx';
import { useWords } from '../frame/view.ts';
import { EVENT_WORDS } from './event-words.ts';

/** What of an entry's data is worth a place in the list, in this order. */
const TOLD = ['target', 'channel', 'step', 'note', 'reason', 'device'] as const;

/** The whole timeline, entry by entry. */
export function EventList({ events, zone }: { events: readonly AlarmEvent[]; zone: string | undefined }) {
  const words = useWords(EVENT_WORDS);
  return (
    <ol class="events">
      {events.map((event) => (
        <li key={event.seq} data-key={event.seq}>
          <Moment at={event.at} zone={zone} /> <span>{words[event.type]}</span>{' '}
          {event.actor !== null && <bdi class="quiet">{event.actor}</bdi>}{' '}
          <span class="quiet small">
            {TOLD.flatMap((name) => {
              const value = event.data[name];
              const isWord = typeof value === 'string' || typeof value === 'number';
              return isWord ? [<bdi key={name}>{String(value)}</bdi>, ' '] : [];
            })}
          </span>
        </li>
      ))}
    </ol>
  );
}
