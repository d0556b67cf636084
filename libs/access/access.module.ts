import { Global, Module } from '@nestjs/common';

import { AccessGuard } from './access.guard.ts';
import { ApiKeys } from './api-keys.ts';
import { FailedAttempts } from './failed-attempts.ts';

/** Global, because every door needs its guard. */
@Global()
@Module({
  providers: [ApiKeys, FailedAttempts, AccessGuard],
  exports: [ApiKeys, FailedAttempts, AccessGuard],
})
export class AccessModule {}
