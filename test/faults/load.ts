import { type SeededRandom } from './random.ts';
import { device, pause, type Arrival, type Town } from './town.ts';

/** A press that was answered 200. */
export interface Pressed {
  readonly alarmId: string;
  readonly device: string;
  readonly answeredAt: number;
}

export interface LoadReport {
  readonly pressed: readonly Pressed[];
  /** Presses that were not answered 200. The phone shows it, and a person presses again. */
  readonly refused: number;
  /** Presses that got no answer within this time would be a hang. Milliseconds. */
  readonly slowestMs: number;
}

/** An answer that takes longer than this is a hang. */
const HANG_MS = 10_000;

/** People press their keys, some of them twice, and some of those who are told answer by the link. */
export class Load {
  private readonly answers: Promise<void>[] = [];
  private readonly willAnswer = new Set<string>();
  private over = false;

  constructor(
    private readonly town: Town,
    private readonly random: SeededRandom,
  ) {
    town.sms.onArrival = (arrival) => this.told(arrival);
  }

  /** Presses so many keys at random moments within the time, each answered or not before this returns. */
  async run(alarms: number, overMs: number): Promise<LoadReport> {
    const pressed: Pressed[] = [];
    let refused = 0;
    let slowestMs = 0;
    const presses = Array.from({ length: alarms }, (_, n) => ({ n, after: this.random.between(0, overMs) }));
    const twice = presses
      .filter(() => this.random.next() < 0.1)
      .map((press) => ({ ...press, after: press.after + 300 }));
    await Promise.all(
      [...presses, ...twice].map(async ({ n, after }) => {
        await pause(after);
        const began = performance.now();
        const alarmId = await this.press(n);
        slowestMs = Math.max(slowestMs, performance.now() - began);
        if (alarmId === undefined) refused += 1;
        else pressed.push({ alarmId, device: device(n), answeredAt: Date.now() });
      }),
    );
    return { pressed, refused, slowestMs };
  }

  /** Nobody answers any more from now on; waits for those who are at it. */
  async end(): Promise<void> {
    this.over = true;
    await Promise.all(this.answers);
  }

  /** As behind a load balancer: an api that cannot be reached is passed over once. */
  private async press(n: number): Promise<string | undefined> {
    for (const attempt of [n, n + 1]) {
      try {
        const answer = await fetch(`${this.town.api(attempt)}/v1/yealink/alarm?token=${device(n)}`, {
          signal: AbortSignal.timeout(HANG_MS),
        });
        const body = (await answer.json()) as { alarm_id?: string };
        return answer.status === 200 ? body.alarm_id : undefined;
      } catch (error) {
        if (error instanceof DOMException) throw new Error('A press was left hanging.', { cause: error });
      }
    }
    return undefined;
  }

  /** Half of those who are told answer, by the link in the message, some time later. */
  private told({ body }: Arrival): void {
    const path = /\/a\/[\w-]+/.exec(body)?.[0];
    if (path === undefined || this.over || this.willAnswer.has(path)) return;
    this.willAnswer.add(path);
    if (this.random.next() < 0.5) this.answers.push(this.answer(path, this.random.between(0, 7000)));
  }

  private async answer(path: string, afterMs: number): Promise<void> {
    await pause(afterMs);
    for (let attempt = 0; !this.over || attempt < 20; attempt += 1) {
      try {
        const answer = await fetch(`${this.town.api(attempt)}${path}`, {
          method: 'POST',
          body: new URLSearchParams({ acked_by: 'Eva' }),
          signal: AbortSignal.timeout(HANG_MS),
        });
        if (answer.status === 200) return;
      } catch {
        // Somebody who wants to help presses the button again.
      }
      await pause(300);
    }
  }
}
