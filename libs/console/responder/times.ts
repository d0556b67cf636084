import { localTime, MESSAGE_LANGUAGES } from '#notifications';

import type { Language } from '../language.ts';

/** How a page writes times: those of the place, of today without the date. */
export class Times {
  private readonly today: string;

  constructor(
    readonly now: Date,
    private readonly timeZone: string,
    private readonly language: Language,
  ) {
    this.today = this.local(now).date;
  }

  /** As `14:02`, or `2026-03-01 14:02` when that was not today. */
  short(at: Date | string): string {
    const { date, time } = this.local(at);
    return date === this.today ? time.slice(0, 5) : `${date} ${time.slice(0, 5)}`;
  }

  /** With the abbreviation of the zone. */
  full(at: Date | string): string {
    return `${this.short(at)} ${this.local(at).zone}`;
  }

  private local(at: Date | string) {
    const { timeStyle } = MESSAGE_LANGUAGES[this.language];
    return localTime(new Date(at).toISOString(), this.timeZone, timeStyle);
  }
}

/** How long ago that was, as a stopwatch shows it: `3:07`, `1:02:07`. Kept up by the page's script. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
