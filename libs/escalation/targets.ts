import { Injectable } from '@nestjs/common';

import type { ChannelKind } from '#notifications';
import { Clock, Database, Register, type RegisterRow, type Tx } from '#platform';

import { compilePlans, holdPlans } from './plans.ts';

export interface TargetData {
  id: string;
  label: string;
  channel: ChannelKind;
  address: string;
  enabled?: boolean;
}

/** A target as it is shown. */
export type TargetRow = RegisterRow & Required<TargetData>;

/** Whom policies can name. A change reaches every plan that tells the target, but no running alarm. */
@Injectable()
export class Targets extends Register<TargetRow, Omit<TargetData, 'id'>> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, {
      noun: 'target',
      table: 'escalation_targets',
      columns: { label: null, channel: null, address: null, enabled: true },
      users: [{ noun: 'policy', table: 'escalation_steps', column: 'target_id', key: 'policy_id' }],
    });
  }

  /**
   * Takes a target out of every plan, unless somebody has given it another address meanwhile: nobody is at that
   * one any more. Running alarms keep theirs. @returns whether it was this call that disabled it.
   */
  async disable(tx: Tx, id: string, address: string): Promise<boolean> {
    this.begin(tx);
    const disabled = await tx.change(
      `UPDATE escalation_targets SET enabled = false, version = version + 1, updated_at = $3
       WHERE id = $1 AND address = $2 AND enabled`,
      [id, address, this.clock.now()],
    );
    if (disabled > 0) compilePlans(tx);
    return disabled > 0;
  }

  /** Ids of targets whose label or address has something that matches a regular expression, ignoring case. */
  async matching(tx: Tx, pattern: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'SELECT id FROM escalation_targets WHERE label ~* $1 OR address ~* $1 ORDER BY id',
      [pattern],
    );
    return rows.map((row) => row.id);
  }

  protected override begin(tx: Tx): void {
    holdPlans(tx);
  }

  protected override async write(tx: Tx, id: string, data: Omit<TargetData, 'id'>): Promise<void> {
    await super.write(tx, id, data);
    compilePlans(tx);
  }
}
