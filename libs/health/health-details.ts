import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

import { CHANNEL_KINDS, ChannelReport, type ChannelKind, type ChannelState } from '#notifications';
import {
  BUILD,
  Clock,
  Database,
  Doorbell,
  Schema,
  SchemaFloor,
  SharedRedis,
  VERSION,
  within,
} from '#platform';

/** A detail takes this long at most; what does not answer is reported as down. */
const TIME_LIMIT_MS = 2000;

const nullableText = { type: String, nullable: true } as const;
const nullableTime = { type: String, format: 'date-time', nullable: true } as const;

class DatabaseDetails {
  @ApiProperty({ enum: ['ok', 'down'], example: 'ok' }) state!: 'ok' | 'down';
  @ApiProperty({ type: Number, nullable: true, example: 0.4 }) latency_ms!: number | null;
  @ApiProperty({ enum: ['current', 'pending', 'too-new', 'unknown'], example: 'current' }) schema!: string;
  @ApiProperty({
    ...nullableText,
    example: 'Notifications1764000000004',
    description: 'The last migration that ran.',
  })
  schema_version!: string | null;
}

class RedisDetails {
  @ApiProperty({ enum: ['ok', 'down', 'disabled'], example: 'ok' }) state!: 'ok' | 'down' | 'disabled';
  @ApiProperty({ type: Number, nullable: true, example: 0.2 }) latency_ms!: number | null;
}

class BacklogDetails {
  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Notifications that are due and not yet being sent.',
  })
  due!: number;
  @ApiProperty({ ...nullableTime, example: null }) oldest_due_at!: Date | null;
}

class ConnectorDetails {
  @ApiProperty({ enum: CHANNEL_KINDS, example: 'sms' }) channel!: ChannelKind;
  @ApiProperty({ example: true, description: 'Whether it is set up.' }) enabled!: boolean;
  @ApiProperty({
    enum: ['up', 'down', 'unknown'],
    example: 'up',
    description: 'Down after three failures in a row; alarms are still tried over it.',
  })
  state!: 'up' | 'down' | 'unknown';
  @ApiProperty({ ...nullableTime, example: '2026-03-02T08:00:00.000Z' }) since!: Date | null;
  @ApiProperty({
    type: [String],
    example: ['There is no group "Guards".'],
    description: 'What its server finds wrong with the settings.',
  })
  findings!: string[];
  @ApiProperty({ ...nullableTime, example: null, description: 'When its server was last asked.' })
  checked_at!: Date | null;
  @ApiProperty({ ...nullableText, example: null, description: 'Until something works again.' })
  last_error!: string | null;
  @ApiProperty({ ...nullableText, example: 'sent' }) last_result!: string | null;
  @ApiProperty({ ...nullableTime, example: '2026-03-02T08:00:00.000Z' }) last_at!: Date | null;
  @ApiProperty({ ...nullableText, example: null }) last_reason!: string | null;
}

/** Answer of `GET /healthz/details`. */
export class HealthDetailsDocument {
  @ApiProperty({ example: '0.1.0' }) version!: string;
  @ApiProperty({
    ...nullableText,
    example: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    description: 'What it was built from; null where nobody wrote it down.',
  })
  commit!: string | null;
  @ApiProperty({ ...nullableText, format: 'date-time', example: '2026-03-01T12:00:00Z' })
  built_at!: string | null;
  @ApiProperty({ type: Number, example: 86_400.5 }) uptime_seconds!: number;
  @ApiProperty() database!: DatabaseDetails;
  @ApiProperty() redis!: RedisDetails;
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: { type: 'object', additionalProperties: { type: 'integer' } },
    example: { deliveries: { waiting: 0, active: 0, delayed: 0, failed: 0 } },
    description: 'Jobs in each queue by state; null while the queues cannot be asked.',
  })
  queues!: Record<string, Record<string, number>> | null;
  @ApiProperty({ type: BacklogDetails, nullable: true, example: { due: 0, oldest_due_at: null } })
  backlog!: BacklogDetails | null;
  @ApiProperty({ type: [ConnectorDetails] }) connectors!: ConnectorDetails[];
}

/** Everything an operator asks first, from one process. Always answers: what is away is reported as away. */
@Injectable()
export class HealthDetails {
  constructor(
    private readonly database: Database,
    private readonly schema: Schema,
    private readonly floor: SchemaFloor,
    private readonly redis: SharedRedis,
    private readonly doorbell: Doorbell,
    private readonly channels: ChannelReport,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<HealthDetailsDocument> {
    const [database, redis, queues, backlog, connectors] = await Promise.all([
      this.databaseDetails(),
      this.redisDetails(),
      withinLimit(this.doorbell.counts()),
      withinLimit(this.channels.backlog(this.clock.now())),
      withinLimit(this.channels.states()),
    ]);
    return {
      version: VERSION,
      commit: BUILD.commit,
      built_at: BUILD.builtAt,
      uptime_seconds: Math.round(process.uptime() * 10) / 10,
      database,
      redis,
      queues,
      backlog: backlog && { due: backlog.due, oldest_due_at: backlog.oldestDueAt },
      connectors: (connectors ?? []).map(connectorDetails),
    };
  }

  private async databaseDetails(): Promise<DatabaseDetails> {
    const latency = await latencyOf(() => this.database.query('SELECT 1'));
    if (latency === null) return { state: 'down', latency_ms: null, schema: 'unknown', schema_version: null };
    const [current, version] = await Promise.all([
      withinLimit(this.schema.isCurrent()),
      withinLimit(this.schema.version()),
    ]);
    return {
      state: 'ok',
      latency_ms: latency,
      schema: this.stateOf(current),
      schema_version: version,
    };
  }

  private stateOf(current: boolean | null): string {
    if (this.floor.isTooNew) return 'too-new';
    return current === null ? 'unknown' : current ? 'current' : 'pending';
  }

  private async redisDetails(): Promise<RedisDetails> {
    const { client } = this.redis;
    if (client === undefined) return { state: 'disabled', latency_ms: null };
    const latency = await latencyOf(() => client.ping());
    return { state: latency === null ? 'down' : 'ok', latency_ms: latency };
  }
}

const connectorDetails = (state: ChannelState): ConnectorDetails => ({
  channel: state.channel,
  enabled: state.enabled,
  state: state.state,
  since: state.since,
  findings: [...state.findings],
  checked_at: state.checkedAt,
  last_error: state.lastError,
  last_result: state.lastResult,
  last_at: state.lastAt,
  last_reason: state.lastReason,
});

/** Milliseconds; null for what fails or takes too long. */
async function latencyOf(ask: () => Promise<unknown>): Promise<number | null> {
  const began = performance.now();
  const answer = await withinLimit(ask().then(() => true));
  return answer === null ? null : Math.round((performance.now() - began) * 100) / 100;
}

const withinLimit = async <T>(answer: Promise<T>): Promise<T | null> =>
  (await within(TIME_LIMIT_MS, answer)) ?? null;
