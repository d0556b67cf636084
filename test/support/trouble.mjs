/**
 * Loaded into a process before everything else (`node --import`): makes at each SIGWINCH the next trouble that `TROUBLE` names, and
 * says on stderr which packages for tracing are loaded, but for the one that prom-client loads anyway.
 */
import { registerHooks } from 'node:module';

const TROUBLES = {
  throw: () => setImmediate(() => JSON.parse('{ this is no JSON')),
  reject: () => void Promise.reject(new Error('nobody waits for this promise')),
  warn: () => process.emitWarning('something is not as it should be', 'OddWarning'),
  speak: () => console.error('a library speaks: %s', new Error('and adds an error')),
};

const next = (process.env.TROUBLE ?? '').split(' ').values();
process.on('SIGWINCH', () => TROUBLES[next.next().value]());

registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/@opentelemetry/') && !url.includes('/@opentelemetry/api/'))
      process.stderr.write(`loaded ${url}\n`);
    return nextLoad(url, context);
  },
});
