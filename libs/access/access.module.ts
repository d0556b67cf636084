import { Global, Module } from '@nestjs/common';

import { AccessGuard } from './access.guard.ts';
import { ApiKeys } from './api-keys.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { Sessions } from './sessions.ts';

/** Global, because every door needs its guard. */
@Global()
@Module({
  providers: [ApiKeys, FailedAttempts, AccessGuard, Sessions],
  exports: [ApiKeys, FailedAttempts, AccessGuard, Sessions],
})
export class AccessModule {}
