import { Global, Module } from '@nestjs/common';

import { AdminKeyGuard } from './admin-key.guard.ts';

@Global()
@Module({ providers: [AdminKeyGuard], exports: [AdminKeyGuard] })
export class AccessModule {}
