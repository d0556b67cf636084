import { once } from 'node:events';
import { runningServices } from './global-setup.mts';

/** Stops what the setup started and waits until the reaper has removed every trace. */
export default async function globalTeardown(): Promise<void> {
  const services = runningServices();
  if (!services) return;
  await Promise.all([services.postgres.stop(), services.redis.stop()]);

  // Until now it was not to keep Jest from ending; from here on Jest must not end before it.
  services.reaper.ref();
  const reaped = once(services.reaper, 'exit');
  services.reaper.stdin?.end();
  await reaped;
}
