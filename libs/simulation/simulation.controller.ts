import {
  Controller,
  Get,
  HttpCode,
  Injectable,
  Post,
  Query,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';

import { AccessGuard, Requires } from '#access';
import { CHANNEL_KINDS, type ChannelKind } from '#notifications';
import { BrokerError, Problems, Settings } from '#platform';

import { SimulationFeed } from './simulation-feed.ts';
import {
  ClearedDocument,
  SeedHintDocument,
  SimulationFeedDocument,
  SimulationStatusDocument,
} from './simulation.documents.ts';

/** Outside simulation these addresses do not exist, whoever asks. */
@Injectable()
export class SimulationGuard implements CanActivate {
  constructor(private readonly settings: Settings) {}

  canActivate(): boolean {
    if (this.settings.SIMULATION_ENABLED) return true;
    throw new BrokerError('not-found', 'simulation.disabled', 'Simulation mode is not enabled.');
  }
}

/** The feed of what would have been sent. */
@ApiTags('Simulation')
@Problems(404)
@Controller('v1/simulation')
@UseGuards(SimulationGuard, AccessGuard)
@Requires('admin')
export class SimulationController {
  constructor(
    private readonly feed: SimulationFeed,
    private readonly settings: Settings,
  ) {}

  @Get('status')
  @ApiOperation({ operationId: 'simulationStatus', summary: 'How much would have been sent' })
  @ApiOkResponse({ type: SimulationStatusDocument })
  async status(): Promise<SimulationStatusDocument> {
    const byChannel = await this.feed.countByChannel();
    const total = Object.values(byChannel).reduce((sum, count) => sum + count, 0);
    return { simulation_enabled: true, total_notifications: total, by_channel: byChannel };
  }

  @Get('notifications')
  @ApiOperation({ operationId: 'simulationFeed', summary: 'What would have been sent, oldest first' })
  @ApiQuery({ name: 'channel', required: false, enum: CHANNEL_KINDS })
  @ApiOkResponse({ type: SimulationFeedDocument })
  @Problems(400)
  async notifications(@Query('channel') word?: string): Promise<SimulationFeedDocument> {
    const channel = word === undefined ? undefined : channelNamed(word);
    const found = await this.feed.read(channel);
    return {
      simulation_enabled: true,
      channel_filter: channel ?? null,
      total: found.length,
      notifications: found.map(({ id, at, payload, result, error, ...rest }) => ({
        id,
        channel: rest.channel,
        timestamp: at,
        payload,
        result,
        error,
      })),
    };
  }

  @Post('notifications/clear')
  @HttpCode(200)
  @ApiOperation({ operationId: 'clearSimulation', summary: 'Empty the feed' })
  @ApiOkResponse({ type: ClearedDocument })
  async clear(): Promise<ClearedDocument> {
    await this.feed.clear();
    return { status: 'ok', message: 'All simulated notifications were cleared.' };
  }

  @Post('seed')
  @HttpCode(200)
  @ApiOperation({ operationId: 'simulationSeed', summary: 'Where the demo data is' })
  @ApiOkResponse({ type: SeedHintDocument })
  seed(): SeedHintDocument {
    return {
      status: 'ok',
      message: 'Send the bundled seed file to the seed endpoint to load the demo data.',
      seed_file: this.settings.SIMULATION_SEED_URL,
      admin_seed_endpoint: '/v1/admin/seed',
    };
  }
}

function channelNamed(word: string): ChannelKind {
  const channel = CHANNEL_KINDS.find((kind) => kind === word);
  if (channel !== undefined) return channel;
  throw new BrokerError(
    'malformed',
    'channel.unknown',
    `channel: must be one of ${CHANNEL_KINDS.join(', ')}.`,
  );
}
