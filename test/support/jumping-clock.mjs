/**
 * Loaded into a process before everything else (`node --import`): its wall clock jumps by five minutes at each SIGWINCH,
 * forth and back. The clocks nobody can set go on as ever, as they do when somebody sets the time of a machine.
 */
const JUMP_MS = 5 * 60_000;
const SystemDate = Date;
const jumps = [JUMP_MS, -JUMP_MS, -JUMP_MS, JUMP_MS];
let offset = 0;
let next = 0;

process.on('SIGWINCH', () => {
  offset += jumps[next % jumps.length];
  next += 1;
});

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, parts, newTarget) =>
    Reflect.construct(target, parts.length === 0 ? [target.now() + offset] : parts, newTarget),
  apply: (target) => new target(target.now() + offset).toString(),
  get: (target, name) => (name === 'now' ? () => target.now() + offset : Reflect.get(target, name)),
});
