export { freePort } from '../../apps/standalone/postgres/free-port.ts';
