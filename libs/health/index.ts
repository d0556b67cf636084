export { DoctorModule } from './doctor/doctor.module.ts';
export { Doctor } from './doctor/doctor.ts';
export { error, ok, SEVERITIES, warning, worstOf, type Finding, type Severity } from './doctor/finding.ts';
export { Readiness, type ReadinessReport } from './readiness.ts';
