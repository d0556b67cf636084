import { once } from 'node:events';
import { runningServices } from './global-setup.mts';

/** Stops what the setup started and waits until the reaper has removed every trace. */
export default async function globalTeardown(): Promise<void> {
  const services = runningServices();
  if (!services) return;
  await Promise.all([services.postgres.stop(), services.redis.stop()]);

  const reaped = once(services.reaper, 'exit');
  services.reaper.stdin?.end();
  await reaped;
}
