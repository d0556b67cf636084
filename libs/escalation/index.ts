export { clockFaceOf, type ClockFace } from './clock-face.ts';
export { EscalationClock, type Bells } from './escalation-clock.ts';
export { EscalationPolicy } from './escalation-policy.entity.ts';
export { EscalationStep } from './escalation-step.entity.ts';
export { EscalationTarget } from './escalation-target.entity.ts';
export { Escalation } from './escalation.entity.ts';
export { EscalationReport } from './escalation-report.ts';
export { EscalationModule } from './escalation.module.ts';
export { Escalations, type EscalationState, type Outlook } from './escalations.ts';
export type { Plan } from './plan.ts';
export {
  Policies,
  type PolicyData,
  type PolicyHead,
  type PolicyRecord,
  type PolicyRow,
  type PolicyStepData,
  type StepData,
} from './policies.ts';
export { Targets, type TargetData, type TargetRow } from './targets.ts';
export { ERASABLE_CLOCKS } from './erasable.ts';
