import { Inject, Injectable, Logger, Optional } from '@nestjs/common';

import {
  askChannel,
  ChannelError,
  ChannelReport,
  CHANNELS,
  isConfigured,
  type ChannelKind,
  type NotificationChannel,
} from '#notifications';
import {
  DatabaseServer,
  RedisFacts,
  Schema,
  Settings,
  SharedRedis,
  within,
  type DatabaseFacts,
} from '#platform';

import { examineChannels, examineChannelSettings, type ChannelAnswer } from './channel-rules.ts';
import { databaseAway, examineClock, examineDatabase, examineSchema } from './database-rules.ts';
import { examineDeliveries } from './delivery-rules.ts';
import { examineDirectory } from './directory-rules.ts';
import { error, ok, type Finding } from './finding.ts';
import { Installation } from './installation.ts';
import { examinePolicies } from './policy-rules.ts';
import { examineRedis, type RedisState } from './redis-rules.ts';
import { examineSettings } from './setting-rules.ts';

/** Redis may take this long to be connected to, or to answer. */
const REDIS_LIMIT_MS = 2500;

/**
 * Looks an installation over from settings to people and says what is wrong and what to do about it. Changes nothing
 * and sends nothing to anybody.
 */
@Injectable()
export class Doctor {
  private readonly logger = new Logger('Doctor');

  constructor(
    private readonly settings: Settings,
    private readonly server: DatabaseServer,
    private readonly schema: Schema,
    private readonly redis: SharedRedis,
    private readonly redisFacts: RedisFacts,
    private readonly installation: Installation,
    private readonly report: ChannelReport,
    /** Where there are none, what the workers found out when they last asked is told. */
    @Optional() @Inject(CHANNELS) private readonly channels?: readonly NotificationChannel[],
  ) {}

  /** Everything that was looked at, in an order in which it can be mended. Never rejects. */
  async examine(): Promise<readonly Finding[]> {
    const [database, redis, answers] = await Promise.all([
      this.server.facts().catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause))),
      this.redisState(),
      this.channels === undefined || this.settings.SIMULATION_ENABLED
        ? undefined
        : Promise.all(this.asked(this.channels)),
    ]);
    return [
      ...examineSettings(this.settings),
      ...(typeof database === 'string' ? [databaseAway(database)] : await this.examineData(database)),
      ...(redis === undefined ? [] : examineRedis(redis)),
      ...examineChannelSettings(this.settings),
      ...(await this.channelFindings(answers)),
    ];
  }

  private async examineData(facts: DatabaseFacts): Promise<Finding[]> {
    const findings = [...examineDatabase(facts, this.settings), examineClock(facts.clockAheadMs)];
    const isCurrent = await this.schema.isCurrent().catch(() => false);
    const newer = isCurrent ? await this.schema.newerThanThis().catch(() => []) : [];
    findings.push(examineSchema(isCurrent, newer));
    // What is not there cannot be read, and would only be complained about a second time.
    if (!isCurrent) return findings;
    return [
      ...findings,
      ...(await this.part('devices', async () =>
        examineDirectory(await this.installation.directory(), this.settings),
      )),
      ...(await this.part('policies', async () =>
        examinePolicies(await this.installation.escalation(), this.settings),
      )),
      ...(await this.part('delivery', async () => examineDeliveries(await this.installation.deliveries()))),
    ];
  }

  /** One part that cannot be examined must not hide the others. */
  private async part(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
    try {
      return await look();
    } catch (cause) {
      this.logger.warn({ err: cause, part: name }, 'A part could not be examined');
      return [
        error(
          `${name}.unexamined`,
          `This part could not be examined (${name}): the database did not answer in time.`,
          'Mend what is named above, and ask again.',
        ),
      ];
    }
  }

  private async redisState(): Promise<RedisState | undefined> {
    const { client } = this.redis;
    if (client === undefined) return undefined;
    if (client.status !== 'ready')
      await within(REDIS_LIMIT_MS, new Promise((resolve) => client.once('ready', () => resolve(true))));
    const answered = await within(REDIS_LIMIT_MS, client.ping());
    if (answered === undefined) return 'away';
    return (await within(REDIS_LIMIT_MS, this.redisFacts.read())) ?? 'silent';
  }

  private async channelFindings(answers: readonly ChannelAnswer[] | undefined): Promise<readonly Finding[]> {
    if (this.settings.SIMULATION_ENABLED)
      return [ok('channels.simulated', 'In simulation no channel is used, so none was asked.')];
    if (answers !== undefined) return examineChannels(answers);
    return this.part('channels', async () => examineChannels(await this.reported()));
  }

  private asked(channels: readonly NotificationChannel[]): Promise<ChannelAnswer>[] {
    return channels
      .filter(({ kind }) => this.isInUse(kind))
      .map(async (channel) => {
        const answer = channel.probe === undefined ? [] : await askChannel(channel);
        const isTrouble = answer instanceof ChannelError;
        return {
          channel: channel.kind,
          asked: channel.probe !== undefined,
          findings: isTrouble ? [] : answer,
          trouble: isTrouble ? answer.message : null,
        };
      });
  }

  private async reported(): Promise<ChannelAnswer[]> {
    const states = await this.report.states();
    return states
      .filter(({ channel }) => this.isInUse(channel))
      .map(({ channel, checkedAt, findings, lastError }) => ({
        channel,
        asked: checkedAt === null ? null : true,
        findings,
        trouble: lastError,
      }));
  }

  /** Webhooks need nothing to be set up; without an address of ours they are an affair of the targets. */
  private isInUse(channel: ChannelKind): boolean {
    return channel === 'webhook'
      ? this.settings.WEBHOOK_URL !== undefined
      : isConfigured(channel, this.settings);
  }
}
