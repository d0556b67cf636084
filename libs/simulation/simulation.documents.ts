import { ApiProperty } from '@nestjs/swagger';

import { CHANNEL_KINDS, type ChannelKind } from '#notifications';

/** Answer of `GET /v1/simulation/status`. */
export class SimulationStatusDocument {
  @ApiProperty({ example: true }) simulation_enabled!: true;
  @ApiProperty({ type: 'integer', example: 3 }) total_notifications!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { zammad: 1, sms: 1, signal: 1, email: 0, webhook: 0 },
  })
  by_channel!: Record<string, number>;
}

/** What would have been sent. */
export class SimulatedNotificationDocument {
  @ApiProperty({ format: 'uuid', example: '01a20a4c-eaab-711c-a76d-83293e9687d2' }) id!: string;
  @ApiProperty({ enum: CHANNEL_KINDS, example: 'sms' }) channel!: ChannelKind;
  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' }) timestamp!: Date;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { target: 'Guard on duty', text: 'SIMULATION - not a real alarm. ALARM P0 Counter 1. …' },
  })
  payload!: Record<string, unknown>;
  @ApiProperty({ example: 'ok' }) result!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) error!: string | null;
}

/** Answer of `GET /v1/simulation/notifications`. */
export class SimulationFeedDocument {
  @ApiProperty({ example: true }) simulation_enabled!: true;
  @ApiProperty({ type: String, nullable: true, enum: [...CHANNEL_KINDS, null], example: 'sms' })
  channel_filter!: ChannelKind | null;
  @ApiProperty({ type: 'integer', example: 1 }) total!: number;
  @ApiProperty({ type: [SimulatedNotificationDocument] }) notifications!: SimulatedNotificationDocument[];
}

/** Answer of `POST /v1/simulation/notifications/clear`. */
export class ClearedDocument {
  @ApiProperty({ example: 'ok' }) status!: 'ok';
  @ApiProperty({ example: 'All simulated notifications were cleared.' }) message!: string;
}

/** Answer of `POST /v1/simulation/seed`. */
export class SeedHintDocument {
  @ApiProperty({ example: 'ok' }) status!: 'ok';
  @ApiProperty({ example: 'Send the bundled seed file to the seed endpoint to load the demo data.' })
  message!: string;
  @ApiProperty({ example: 'seeds/simulation.yaml' }) seed_file!: string;
  @ApiProperty({ example: '/v1/admin/seed' }) admin_seed_endpoint!: string;
}
