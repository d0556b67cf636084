import { useView } from '../frame/view.ts';
import type { Station } from './course.ts';

/** Where the line begins and ends, in hundredths of the width. */
const MARGIN = 1.5;
const MIDDLE = 22;

/** The course of an alarm as a line, at a glance. The list below it says the same in words. */
export function CourseBar({ stations }: { stations: readonly Station[] }) {
  const { now } = useView();
  const times = stations.map(({ at }) => at.getTime());
  const began = Math.min(...times);
  const isRunning = !stations.some(({ kind }) => kind === 'answer');
  const end = Math.max(...times, isRunning ? now.getTime() : began + 1000);
  const place = (time: number): string =>
    `${(MARGIN + ((100 - 2 * MARGIN) * (time - began)) / Math.max(1, end - began)).toFixed(2)}%`;
  // The first step begins with the press; its mark would hide that of the press.
  const isApart = ({ kind, at }: Station): boolean => kind !== 'step' || at.getTime() - began > 1000;
  const last = stations.findLast(({ kind }) => kind === 'answer')?.at ?? now;
  return (
    <svg class="course-bar" width="100%" height="44" aria-hidden="true" focusable="false">
      <line class="rail" x1={place(began)} x2={place(end)} y1={MIDDLE} y2={MIDDLE} />
      <line
        class={isRunning ? 'gone running' : 'gone'}
        x1={place(began)}
        x2={place(Math.min(end, last.getTime()))}
        y1={MIDDLE}
        y2={MIDDLE}
      />
      {stations.filter(isApart).map((station, i) => (
        <Mark key={i} station={station} x={place(station.at.getTime())} />
      ))}
    </svg>
  );
}

function Mark({ station, x }: { station: Station; x: string }) {
  switch (station.kind) {
    case 'press':
      return <circle class="mark press" cx={x} cy={MIDDLE} r="8" />;
    case 'answer':
      return <circle class={`mark ${station.status}`} cx={x} cy={MIDDLE} r="9" />;
    case 'to-come':
      return <circle class="mark to-come" cx={x} cy={MIDDLE} r="5" />;
    case 'step': {
      const wentWrong = station.told.some(({ status }) => status === 'failed' || status === 'ambiguous');
      return <circle class={wentWrong ? 'mark step wrong' : 'mark step'} cx={x} cy={MIDDLE} r="6" />;
    }
  }
}
