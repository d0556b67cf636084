import { Processor } from '@nestjs/bullmq';

import { LOOKING, LookProcessor } from '#platform';

import { Lanes } from './lanes.ts';

@Processor('deliveries', { ...LOOKING, concurrency: 10 })
export class DeliveriesProcessor extends LookProcessor {
  constructor(private readonly lanes: Lanes) {
    super();
  }

  protected override look(ids: readonly string[]): Promise<void> {
    this.lanes.look(ids);
    return Promise.resolve();
  }
}
