export { AccessModule } from './access.module.ts';
export { AdminKeyGuard } from './admin-key.guard.ts';
