export { AccessGuard, bearerToken, Caller, callerOf, Requires } from './access.guard.ts';
export { AccessModule } from './access.module.ts';
export { ApiKey } from './api-key.entity.ts';
export { ApiKeys } from './api-keys.ts';
export { SessionRow } from './session.entity.ts';
export { Sessions, type Session } from './sessions.ts';
export { mayAct, ROLES, type Principal, type Role } from './principal.ts';
