import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { KEY_DOORS } from '#alarms';
import { smsProvider } from '#notifications';
import {
  configureServer,
  databaseUrl,
  listen,
  loadConfiguration,
  logProcess,
  Settings,
  type PlatformOptions,
} from '#platform';

import { ApiDocsModule, serveApiDocs } from './api/openapi.ts';
import { SCHEMA } from './schema.ts';

/** What asks a process to stop in an orderly way. Not SIGUSR2, of which Nest would think so too. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface RootModule {
  forRoot(options: PlatformOptions): DynamicModule;
}

/** Starts a process from its root module; what stands in the way is one sentence on stderr and exit code 1. */
export async function runServer(
  root: RootModule,
  { setting }: { setting: 'PORT' | 'WORKER_PORT' },
): Promise<void> {
  logProcess();
  try {
    const configuration = await loadConfiguration();
    databaseUrl(configuration.settings);
    // Nest would put a stack trace before the sentence that says what is wrong with it.
    smsProvider(configuration.settings);
    const app = await createServer(root.forRoot({ ...configuration, schema: SCHEMA }));
    app.enableShutdownHooks([...STOP_SIGNALS]);
    await listen(app, setting, configuration.settings[setting], configuration.settings.LISTEN_HOST);
  } catch (error) {
    fail(error);
  }
}

/** Builds a server that is ready to listen. */
export async function createServer(module: DynamicModule): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bufferLogs: true,
    // A start that fails says so in one sentence, instead of all that Nest had to say until then.
    autoFlushLogs: false,
    bodyParser: false,
    rawBody: true,
    abortOnError: false,
  });
  configureServer(app, KEY_DOORS);
  const isWorthDescribing = module.imports?.includes(ApiDocsModule) ?? false;
  if (isWorthDescribing && app.get(Settings).ENABLE_API_DOCS) serveApiDocs(app);
  return app;
}

/** Says what is wrong, without a stack trace for what an operator can mend, and ends the process. */
export function fail(error: unknown, exitCode = 1): never {
  const mendable = error instanceof Error && error.constructor !== Error && error.name.endsWith('Error');
  const words =
    error instanceof Error ? (mendable ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`alarm-broker: ${words}\n`);
  process.exit(exitCode);
}
