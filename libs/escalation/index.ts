export { EscalationClock, type Bells } from './escalation-clock.ts';
export { EscalationPolicy } from './escalation-policy.entity.ts';
export { EscalationStep } from './escalation-step.entity.ts';
export { EscalationTarget } from './escalation-target.entity.ts';
export { Escalation } from './escalation.entity.ts';
export { EscalationModule } from './escalation.module.ts';
export { Policies, type PolicyData, type PolicyHead, type StepData, type TargetData } from './policies.ts';
