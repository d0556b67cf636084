import { Injectable } from '@nestjs/common';

import { Pulse, type TimeSample } from '../database/pulse.ts';

/** Where time comes from. Rules never ask the system or the database, so a test can move time. */
export abstract class Clock {
  abstract now(): Date;
}

/** Beats that are compared; the quickest one tells the time best. */
const COMPARED_BEATS = 8;

/**
 * The time of the database, carried on between two beats of its pulse by a clock that nobody sets. So all processes go
 * by one clock, and one whose own jumps, by somebody's hand or by NTP, starts no step early, late or twice.
 *
 * Before the first beat it is the time of this machine.
 */
@Injectable()
export class DatabaseClock extends Clock {
  private readonly beats: { readonly ahead: number; readonly doubt: number }[] = [];
  private ahead = Date.now() - performance.now();

  constructor(pulse: Pulse) {
    super();
    pulse.onBeat((sample) => this.learn(sample));
  }

  override now(): Date {
    return new Date(this.ahead + performance.now());
  }

  private learn({ there, asked, answered }: TimeSample): void {
    this.beats.push({ ahead: there - (asked + answered) / 2, doubt: answered - asked });
    if (this.beats.length > COMPARED_BEATS) this.beats.shift();
    this.ahead = this.beats.reduce((best, beat) => (beat.doubt < best.doubt ? beat : best)).ahead;
  }
}

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
