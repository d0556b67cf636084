import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** One hand-off of an alarm, in milliseconds since the epoch. */
export type Arrival = readonly [alarmId: string, at: number];

/** The other end of {@link file://./gateway.ts}. */
export class GatewayProcess {
  private readonly child: ChildProcess;
  readonly url: string;

  static async start(): Promise<GatewayProcess> {
    const child = fork(new URL('./gateway.ts', import.meta.url));
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new GatewayProcess(child, `http://127.0.0.1:${port}`);
  }

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Waits until so many have arrived, or nothing has for as long as it takes to give up. */
  async waitFor(count: number, giveUpAfterMs = 30_000): Promise<Arrival[]> {
    let before = -1;
    let changedAt = performance.now();
    for (;;) {
      const { count: arrived } = await this.ask<{ count: number }>('count');
      if (arrived >= count) break;
      if (arrived !== before) changedAt = performance.now();
      if (performance.now() - changedAt > giveUpAfterMs) break;
      before = arrived;
      await pause(100);
    }
    return this.take();
  }

  /** Everything that has arrived since it was last asked. */
  async take(): Promise<Arrival[]> {
    return (await this.ask<{ arrivals: Arrival[] }>('take')).arrivals;
  }

  stop(): void {
    this.child.disconnect();
  }

  private async ask<Answer>(question: string): Promise<Answer> {
    const answer = once(this.child, 'message');
    this.child.send(question);
    return ((await answer) as [Answer])[0];
  }
}
