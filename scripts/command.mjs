/** Running other programs from the scripts in this folder. Plain Node 20, no packages: it runs before npm ci. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const EXE = process.platform === 'win32' ? '.exe' : '';

/** The Node that our programs run on; it is one of the installed packages. */
export const RUNTIME = join(MODULES, 'node', 'bin', `node${EXE}`);

/** The script behind a command of an installed package. */
export const packageScript = (path) => join(MODULES, path);

const running = new Set();

/**
 * Runs a program to its end. With `quiet` its output is collected instead of shown. A program that was ended by
 * a signal has the exit code a shell would give it.
 */
export function run(command, args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    running.add(child);
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? exitCodeOf(signal), output: Buffer.concat(output).toString() });
    });
  });
}

/** Runs npm with a Node that `npm ci` does not remove while it is running on it. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') && existsSync(npm)
    ? run(nodeOutsideModules(), [npm, ...args], options)
    : run('npm', args, options);
}

/** Passes a signal on to whatever is running right now. */
export function signalRunning(signal) {
  for (const child of running) child.kill(signal);
}

export function exitCodeOf(signal) {
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal] ?? 1;
}

function nodeOutsideModules() {
  if (!process.execPath.startsWith(MODULES + sep)) return process.execPath;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(MODULES));
  return folders.map((folder) => join(folder, `node${EXE}`)).find(existsSync) ?? process.execPath;
}
