import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';

import { redactor } from '../config/redactor.ts';
import { Settings, type LogLevel } from '../config/settings.ts';
import { BrokerLogger } from './broker-logger.ts';
import { contextFields } from './log-context.ts';

const PINO_LEVEL: Record<LogLevel, string> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
};
/** What a level of pino is called in our lines, where that differs. */
export const DOCUMENTED_LEVEL: Readonly<Record<string, string>> = {
  trace: 'debug',
  warn: 'warning',
  fatal: 'error',
};

/** Errors as data: message and stack, nothing a library hung onto them (requests, options, parameters). */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { type: error.name, message: error.message, stack: error.stack };
}

/**
 * One JSON object a line on stdout: timestamp, level, logger, message, extra. Whatever is logged beside a
 * message lands in `extra`, together with the request and the alarm it belongs to.
 */
@Module({})
export class LoggingModule {
  /** @param destination where lines go; stdout unless a test wants to read them. */
  static forRoot(settings: Settings, destination?: DestinationStream): DynamicModule {
    const options = {
      level: PINO_LEVEL[settings.LOG_LEVEL],
      messageKey: 'message',
      base: null,
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      mixin: contextFields,
      formatters: {
        level: (label: string) => ({ level: DOCUMENTED_LEVEL[label] ?? label }),
        log: ({ logger, err, ...extra }: Record<string, unknown>) => ({
          logger,
          extra: err === undefined ? extra : { ...extra, error: describeError(err) },
        }),
      },
      serializers: { err: (error: unknown) => error },
      hooks: { streamWrite: redactor(settings) },
    };
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: destination ? [options, destination] : options,
          renameContext: 'logger',
          // Requests are logged by our own middleware: what pino-http binds stands beside `extra`, not in it.
          forRoutes: [],
        }),
      ],
      providers: [BrokerLogger],
      exports: [LoggerModule, BrokerLogger],
    };
  }
}
