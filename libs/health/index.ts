export { Readiness, type ReadinessReport } from './readiness.ts';
