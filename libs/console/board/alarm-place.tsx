import { shortId } from '#notifications';

import { useWords } from '../frame/view.ts';
import { ALARM_WORDS } from './alarm-words.ts';
import type { BoardRow } from './board-rows.ts';

type Placed = Pick<BoardRow, 'alarm' | 'escalation'>;

/** What people call the place: as it was called at the press. */
export const roomOf = ({ alarm, escalation }: Placed, unknown: string): string =>
  escalation?.brief.room ?? alarm.roomId ?? unknown;

/** Room, and what is around it. A name from elsewhere keeps its direction of writing to itself. */
export function PlaceOf(row: Placed) {
  const words = useWords(ALARM_WORDS);
  const around = [row.escalation?.brief.floor, row.escalation?.brief.site ?? row.alarm.siteId];
  return (
    <>
      <a class="place" href={`/admin/alarms/${row.alarm.id}`}>
        <bdi>{roomOf(row, words.unknownRoom)}</bdi>
      </a>
      <span class="around">
        {around.filter(Boolean).map((part) => (
          <bdi key={part}>{part}</bdi>
        ))}
        <code>{shortId(row.alarm.id)}</code>
      </span>
    </>
  );
}

/** Who pressed, as far as that is known. */
export function PersonOf({ alarm, escalation }: Placed) {
  const { person = null, role = null } = escalation?.brief ?? {};
  const name = person ?? alarm.personId;
  if (name === null) return <span class="quiet">–</span>;
  return (
    <>
      <bdi>{name}</bdi>
      {role !== null && (
        <span class="around">
          <bdi>{role}</bdi>
        </span>
      )}
    </>
  );
}
