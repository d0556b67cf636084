import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { DirectoryModule } from '#directory';
import { EscalationModule } from '#escalation';
import { MessageTexts, NotificationsModule } from '#notifications';
import { DatabaseServer } from '#platform';

import { Doctor } from './doctor.ts';
import { Installation } from './installation.ts';

/** The doctor as part of an api: of the channels it tells what the workers have found. */
@Module({
  imports: [DirectoryModule, EscalationModule, NotificationsModule],
  providers: [DatabaseServer, Installation, Doctor],
  exports: [Doctor],
})
export class DoctorModule {
  /**
   * The doctor who asks the channels himself, and sees whether the texts of messages can be used.
   * @param channels the module that provides `CHANNELS`.
   */
  static asking(channels: Type): DynamicModule {
    return { module: DoctorModule, imports: [channels], providers: [MessageTexts] };
  }
}
