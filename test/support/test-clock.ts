import { Clock } from '#platform';

/** Time that stands still until a test moves it. */
export class TestClock extends Clock {
  private time = new Date('2026-03-02T08:00:00.000Z').getTime();

  override now(): Date {
    return new Date(this.time);
  }

  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}
