/** Containers without an engine: runc, which Docker and Kubernetes run underneath, on a mounted image. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the image itself says about how it is run; the Dockerfile decides it. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface Image {
  readonly rootfs: string;
  readonly config: ImageConfig;
}

export interface ContainerOptions {
  readonly image: Image;
  /** Instead of the image's own entry point. */
  readonly entrypoint?: readonly string[];
  /** Instead of the image's own command. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Mounted at /run/alarm-broker. */
  readonly secrets: string;
  /** Whether it may write there. */
  readonly makesSecrets?: boolean;
  /** Where runc keeps its notes and this container its bundle and output. */
  readonly folder: string;
}

/**
 * A process of the image as the restricted profile of Kubernetes allows it: the image's numeric user, no capability, no
 * new privileges, a read-only root without even a writable /tmp, and process 1 of its own. It shares the network of
 * this machine, for the services it needs are on the loopback.
 */
export class Container {
  readonly name: string;
  readonly #runcFolder: string;
  /** stdout and stderr so far. */
  output = '';
  /** The exit code, as a container engine would report it. */
  readonly exited: Promise<number | null>;

  static async start(name: string, options: ContainerOptions): Promise<Container> {
    const bundle = join(options.folder, name);
    await mkdir(bundle);
    await writeFile(join(bundle, 'config.json'), JSON.stringify(runtimeSpec(options)));
    return new Container(name, bundle, join(options.folder, 'runc'));
  }

  private constructor(name: string, bundle: string, runcFolder: string) {
    this.name = name;
    this.#runcFolder = runcFolder;
    const child = spawn('runc', ['--root', runcFolder, 'run', '--bundle', bundle, name], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.exited = new Promise((resolve) => child.once('close', resolve));
  }

  /** As `docker stop`: SIGTERM to process 1. @returns the exit code and how long it took, in milliseconds. */
  async stop(): Promise<{ code: number | null; ms: number }> {
    const begun = performance.now();
    await this.kill('TERM');
    return { code: await this.exited, ms: Math.round(performance.now() - begun) };
  }

  /** Does nothing to a container that has ended. */
  async kill(signal: 'TERM' | 'KILL'): Promise<void> {
    await this.#runc('kill', this.name, signal).catch(() => undefined);
  }

  /** Runs another program in it, as a health check does. @returns its exit code. */
  async exec(...command: string[]): Promise<number> {
    return this.#runc('exec', this.name, ...command).then(
      () => 0,
      (error: { code?: number }) => error.code ?? -1,
    );
  }

  /** Memory of all its processes in MiB, as `ps` counts it. */
  async memory(): Promise<number> {
    const { stdout } = await this.#runc('ps', this.name, '-e', '-o', 'pid,rss');
    const [, ...processes] = stdout.trim().split('\n');
    const kib = processes.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[1]), 0);
    return Math.round(kib / 1024);
  }

  #runc(...args: string[]): Promise<{ stdout: string }> {
    return run('runc', ['--root', this.#runcFolder, ...args]);
  }
}

/** The numbers of `USER 10001:10001`. */
export function userOf({ User }: ImageConfig): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = User.split(':').map(Number);
  return { uid, gid };
}

/** After the runtime specification of the Open Container Initiative, 1.0. */
function runtimeSpec({
  image: { rootfs, config },
  entrypoint = config.Entrypoint,
  command = config.Cmd,
  env = {},
  secrets,
  makesSecrets = false,
}: ContainerOptions): object {
  const none: string[] = [];
  return {
    ociVersion: '1.0.2',
    root: { path: rootfs, readonly: true },
    process: {
      user: userOf(config),
      args: [...entrypoint, ...command],
      env: [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      cwd: config.WorkingDir,
      noNewPrivileges: true,
      capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
    },
    hostname: 'alarm-broker',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      {
        destination: '/run/alarm-broker',
        type: 'bind',
        source: secrets,
        options: ['bind', makesSecrets ? 'rw' : 'ro'],
      },
    ],
    linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
}
