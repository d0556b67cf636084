import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line written meanwhile carries in `extra`. For log lines only: no rule reads it. */
export interface LogContext {
  readonly requestId?: string;
  readonly alarmId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

export const withLogContext = <T>(context: LogContext, work: () => T): T => storage.run(context, work);

export const logContext = (): LogContext => storage.getStore() ?? {};
