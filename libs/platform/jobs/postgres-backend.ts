import { setTimeout as sleep } from 'node:timers/promises';

import { createPostgresBackend, type BackendFactory } from 'bullmq';

/** Between two attempts to find the tables of the jobs. */
const PAUSE_MS = 500;

/**
 * BullMQ's jobs in PostgreSQL, for processes that may start before it. BullMQ remembers the failure of its first
 * question for ever; a worker then asks itself the same again without a pause, and does nothing else until it is
 * started anew. Here only a success is remembered.
 */
export const patientPostgresBackend: BackendFactory = (name, options, wishes) => {
  const backend = createPostgresBackend(name, options as Parameters<typeof createPostgresBackend>[1], wishes);
  const { connection } = backend;
  const ask = connection.waitUntilReady.bind(connection);
  connection.waitUntilReady = async () => {
    try {
      await ask();
    } catch (error) {
      Reflect.set(connection, 'readyPromise', undefined);
      await sleep(PAUSE_MS, undefined, { ref: false });
      throw error;
    }
  };
  return backend;
};
