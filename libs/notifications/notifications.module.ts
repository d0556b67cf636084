import { Module } from '@nestjs/common';

import { AuditModule } from '#audit';

import { Outbox } from './outbox.ts';

/** Planning and withdrawing, for every process. */
@Module({ imports: [AuditModule], providers: [Outbox], exports: [Outbox] })
export class NotificationsModule {}
