import { runMigrations } from 'bullmq';
import type pg from 'pg';

/**
 * Brings BullMQ's own tables up to date, in their own schema. Run with ours, also where Redis is configured,
 * so that an operator may switch between the two by a setting alone.
 */
export const migrateJobs = (client: pg.Client): Promise<number> => runMigrations(client);
