import { format, inspect } from 'node:util';

import { PinoLogger } from 'nestjs-pino';

import { DOCUMENTED_LEVEL } from './logging.module.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Has a process speak as documented whoever speaks in it: libraries that use `console`, warnings of Node, and the
 * error nobody caught. Begins to hear SIGUSR2, which turns debug logging on and off.
 *
 * An error nobody caught ends the process with exit code 1: what it left half done in memory is unknown, while what
 * is to be done stands in PostgreSQL, where the next process or another one goes on with it.
 *
 * @param end ends the process, if there is more to it than its exit.
 */
export function logProcess(end: () => void = () => process.exit(1)): void {
  let ending = false;
  process.on('uncaughtException', (error: unknown) => {
    // What fails on the way out is not the cause.
    if (ending) return;
    ending = true;
    reportFatal(error);
    end();
  });
  // Node's own listener would say the same once more, through the console.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => write('warn', { err: warning }, 'Node.js warns'));
  process.on('SIGUSR2', toggleDebug);
  redirectConsole();
}

/** Straight to pino: Nest's logger holds lines back while the modules are being built. */
function write(level: Level, facts: object, message: string, logger = 'process'): boolean {
  const root = PinoLogger.root as PinoLogger['logger'] | undefined;
  root?.[level]({ logger, ...facts }, message);
  return root !== undefined;
}

/** Rejections nobody caught arrive here as well. */
function reportFatal(thrown: unknown): void {
  const words = 'An unexpected error ends the process';
  const err = thrown instanceof Error ? thrown : new Error(inspect(thrown));
  if (!write('error', { err }, words))
    process.stderr.write(`alarm-broker: ${words}: ${err.stack ?? err.message}\n`);
}

let levelBefore = 'info';

/** Both lines are written while debug logging is on, so that they are seen whatever LOG_LEVEL says. */
function toggleDebug(): void {
  const root = PinoLogger.root as PinoLogger['logger'] | undefined;
  if (root === undefined) return;
  if (root.level === 'debug') {
    const level = DOCUMENTED_LEVEL[levelBefore] ?? levelBefore;
    write('info', { logLevel: level }, 'Debug logging was turned off by SIGUSR2');
    root.level = levelBefore;
  } else {
    levelBefore = root.level;
    root.level = 'debug';
    write('info', { logLevel: 'debug' }, 'Debug logging was turned on by SIGUSR2; another one turns it off');
  }
}

const CONSOLE: Readonly<Record<'debug' | 'log' | 'info' | 'warn' | 'error', Level>> = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
};

function redirectConsole(): void {
  for (const [method, level] of Object.entries(CONSOLE) as [keyof typeof CONSOLE, Level][]) {
    // eslint-disable-next-line no-console
    const original = console[method].bind(console);
    // eslint-disable-next-line no-console
    console[method] = (...words: unknown[]) => {
      // Of an error its words only: libraries hang requests and parameters onto theirs.
      const text = format(...words.map((word) => (word instanceof Error ? word.message : word)));
      if (!write(level, {}, text, 'console')) original(...words);
    };
  }
}
