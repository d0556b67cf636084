import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { reapAfterRun, temporaryFolder } from './run-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
/** As in the scripts of package.json. */
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=8'];
const TAIL_LINES = 30;

export type AppName = 'api' | 'worker' | 'standalone' | 'migrate' | 'doctor';

export type LogLine = Readonly<Record<string, unknown>>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly args?: readonly string[];
  /** The folder of another release, with its own `dist`. */
  readonly release?: string;
}

const running = new Set<AppProcess>();

/** Registered in every spec file that imports this one, so that no process outlives its tests. Benchmarks know no Jest. */
if (typeof afterAll === 'function') {
  afterAll(async () => {
    await Promise.all([...running].map((app) => app.kill('SIGKILL')));
  });
}

/** A built program of ours, run as an operator runs it: its own process, configured by environment alone. */
export class AppProcess {
  /** The JSON log lines so far. */
  readonly logs: LogLine[] = [];
  /** Every line of stdout and stderr so far, also written to `outputFile`. */
  readonly output: string[] = [];
  readonly outputFile: string;
  readonly exited: Promise<Exit>;

  readonly #name: AppName;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #exit: Exit | undefined;

  /** Starts it. Nothing of our own environment is passed on but PATH and what is in `env`. */
  static async start(
    name: AppName,
    env: Readonly<Record<string, string>>,
    { cwd = ROOT, args = [], release = ROOT }: StartOptions = {},
  ): Promise<AppProcess> {
    const outputFile = join(await temporaryFolder(name), 'output.log');
    const app = new AppProcess(
      name,
      env,
      [join(release, 'dist/apps', name, 'main.js'), ...args],
      cwd,
      outputFile,
    );
    await reapAfterRun(app.pid);
    return app;
  }

  private constructor(
    name: AppName,
    env: Readonly<Record<string, string>>,
    command: readonly string[],
    cwd: string,
    outputFile: string,
  ) {
    this.#name = name;
    this.outputFile = outputFile;
    this.#child = spawn(join(ROOT, 'node_modules/.bin/node'), [...FLAGS, ...command], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.#capture(this.#child.stdout);
    this.#capture(this.#child.stderr);
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      // 'close', not 'exit': by then the last lines of its output have arrived.
      this.#child.once('close', (code, signal) => {
        this.#exit = { code, signal };
        running.delete(this);
        resolve(this.#exit);
        this.#notify();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends the signal and waits for the end; at once when it has ended already. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (!this.#exit) this.#child.kill(signal);
    return this.exited;
  }

  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Returns when a GET of `url` answers 200. */
  async waitForReady(url: string, { timeoutMs = 20_000 } = {}): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    for (let pause = 25; ; pause = Math.min(pause * 1.5, 250)) {
      if (await answersOk(url)) return;
      if (this.#exit) throw this.#failure(`ended before ${url} was ready`);
      if (performance.now() > giveUpAt) throw this.#failure(`was not ready at ${url} within ${timeoutMs} ms`);
      await sleep(pause);
    }
  }

  /** The first log line that matches, written already or still to come. */
  async waitForLog(matches: (line: LogLine) => boolean, { timeoutMs = 10_000 } = {}): Promise<LogLine> {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (let seen = 0; ;) {
      for (; seen < this.logs.length; seen++) {
        const line = this.logs[seen];
        if (line && matches(line)) return line;
      }
      if (this.#exit) throw this.#failure('ended without the expected log line');
      if (deadline.aborted) throw this.#failure(`did not log the expected line within ${timeoutMs} ms`);
      await this.#change(deadline);
    }
  }

  /** Resolves at the next log line, at the end of the process, or at the deadline. */
  #change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        deadline.removeEventListener('abort', done);
        resolve();
      };
      this.#watchers.add(done);
      deadline.addEventListener('abort', done);
    });
  }

  #capture(stream: Readable | null): void {
    if (!stream) return;
    stream.pipe(createWriteStream(this.outputFile, { flags: 'a' }));
    createInterface({ input: stream }).on('line', (line) => {
      this.output.push(line);
      const parsed = parseLogLine(line);
      if (parsed) this.logs.push(parsed);
      this.#notify();
    });
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #failure(what: string): Error {
    return new Error(
      `The ${this.#name} process ${what}. Its last output:\n${this.output.slice(-TAIL_LINES).join('\n')}`,
    );
  }
}

function parseLogLine(line: string): LogLine | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? (parsed as LogLine) : undefined;
  } catch {
    return undefined;
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
