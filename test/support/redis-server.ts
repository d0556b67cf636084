import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { findProgram, REDIS_SERVER } from './programs.ts';
import { reapAfterRun, temporaryFolder } from './run-folder.ts';

const READY_WITHIN_MS = 10_000;

export interface RedisWishes {
  /** Writes an append-only file, synced every second, as a production server should. */
  readonly persistent?: boolean;
  /** Further arguments of the command line. */
  readonly settings?: readonly string[];
  /** Lines of the configuration file, which some servers rewrite. */
  readonly config?: readonly string[];
}

/**
 * A Redis of one's own that a test may stop, kill and freeze. Unless it is persistent it keeps nothing on disk, so
 * whatever was in it is gone after a stop or kill; `start()` brings it back on the same port.
 */
export class RedisServer {
  readonly #wishes: RedisWishes;
  #folder: string | undefined;
  #port: number | undefined;
  #process: ChildProcess | undefined;

  constructor(wishes: RedisWishes = {}) {
    this.#wishes = wishes;
  }

  /** @throws Error before the first start. */
  get port(): number {
    if (this.#port === undefined) throw new Error('The Redis server has not been started.');
    return this.#port;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Returns its URL once it answers. */
  async start(): Promise<string> {
    this.#port ??= await freePort();
    const folder = (this.#folder ??= await temporaryFolder('redis'));
    const { persistent = false, settings = [], config } = this.#wishes;
    const file = config === undefined ? [] : [join(folder, 'redis.conf')];
    for (const path of file) await writeFile(path, config?.join('\n') ?? '', { flag: 'a' });
    const appendOnly = ['--appendonly', persistent ? 'yes' : 'no'];
    const place = ['--port', String(this.#port), '--bind', '127.0.0.1', '--dir', folder];
    const log = openSync(join(folder, 'redis.log'), 'a');
    // Its own session: Ctrl-C goes to Jest alone, and the reaper tidies up.
    const program = await findProgram(REDIS_SERVER);
    this.#process = spawn(program, [...file, ...place, '--save', '', ...appendOnly, ...settings], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    await reapAfterRun(this.#process.pid);
    await this.#ready(this.#port, folder);
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Shuts down in order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Gone without a word, as after a power cut. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Gone, and with it everything it had written: the next start begins with nothing. */
  async killAndWipe(): Promise<void> {
    await this.kill();
    this.#folder = undefined;
  }

  /** Connections stay open and are accepted, but nothing answers. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    ending.kill('SIGCONT'); // a frozen process does not hear SIGTERM
    await exited;
  }

  async #ready(port: number, folder: string): Promise<void> {
    const giveUpAt = performance.now() + READY_WITHIN_MS;
    while (this.#process?.exitCode === null && performance.now() < giveUpAt) {
      if (await answersPing(port)) return;
      await sleep(20);
    }
    throw new Error(`The Redis server on port ${port} did not get ready (see ${folder}/redis.log).`);
  }
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  try {
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return /^(\+PONG|-NOAUTH)/.test(answer.toString());
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
