import { Injectable } from '@nestjs/common';

import { Database, Figures, Settings } from '#platform';

import { isConfigured } from './channels/is-configured.ts';
import { CHANNEL_KINDS } from './channels/notification-channel.ts';

/** Whether configured channels work, as all workers together have found out. */
@Injectable()
export class ConnectorsGauge {
  constructor(
    figures: Figures,
    settings: Settings,
    private readonly database: Database,
  ) {
    const configured = CHANNEL_KINDS.filter((channel) => isConfigured(channel, settings));
    figures.shared(
      () => this.down(),
      [
        {
          name: 'alarm_broker_connector_up',
          help: 'Whether a configured channel works (1) or is down (0). The same in every process: use min, not sum.',
          labels: ['channel'],
          samples: (down) => configured.map((channel) => [{ channel }, down.has(channel) ? 0 : 1]),
        },
      ],
    );
  }

  private async down(): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ channel: string }>(
      'SELECT channel FROM channel_states WHERE is_down',
    );
    return new Set(rows.map(({ channel }) => channel));
  }
}
