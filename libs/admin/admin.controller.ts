import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { AccessGuard, Requires } from '#access';
import { MasterData } from '#directory';
import { Policies } from '#escalation';
import { BrokerError, Database, Problems, type Violation } from '#platform';

import { DeviceSavedDocument, PolicySavedDocument, SavedDocument } from './admin.documents.ts';
import { PolicyBody, SeedDevice, SeedFile } from './seed.dto.ts';
import { SeedImport } from './seed-import.ts';

/** Master data over HTTP, as the first broker took it. */
@ApiTags('Master data')
@Controller('v1/admin')
@UseGuards(AccessGuard)
@Requires('admin')
export class AdminController {
  constructor(
    private readonly seeds: SeedImport,
    private readonly database: Database,
    private readonly masterData: MasterData,
    private readonly policies: Policies,
  ) {}

  /** YAML arrives as text, JSON already parsed. */
  @Post('seed')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'importSeed',
    summary: 'Load a seed file, all of it or nothing',
    description:
      'What there is already is updated, by id; devices by their token. The steps of each policy named are replaced. ' +
      'A value that is exactly `${NAME}` is taken from the setting of that name, or from a variable that begins with SEED_.',
  })
  @ApiConsumes('application/json', 'application/yaml', 'application/x-yaml')
  @ApiBody({ type: SeedFile })
  @ApiOkResponse({ type: SavedDocument })
  @Problems(400, 413)
  async seed(@Body() body: unknown): Promise<SavedDocument> {
    if (typeof body === 'string') await this.seeds.importYaml(body);
    else await this.seeds.importData(body);
    return { ok: 'true' };
  }

  @Post('devices')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'registerDevice',
    summary: 'Create or update the device that has a token',
    description: 'What is left out stays as it is.',
  })
  @ApiOkResponse({ type: DeviceSavedDocument })
  @Problems(400, 413, 422)
  async device(@Body() device: SeedDevice): Promise<DeviceSavedDocument> {
    const id = await this.database.transaction(async (tx) => {
      const data = { sites: [], rooms: [], persons: [], devices: [device] };
      const policies = await this.policies.existing(tx, [device.escalation_policy_id]);
      refuse(await this.masterData.problems(tx, data, policies), /^\/devices\/0/);
      return this.masterData.saveDevice(tx, device);
    });
    return { ok: 'true', device_id: id };
  }

  @Post('escalation-policy')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'savePolicy',
    summary: 'Write a policy, its steps and its targets in one piece',
    description: 'Targets that are not named stay as they are.',
  })
  @ApiOkResponse({ type: PolicySavedDocument })
  @Problems(400, 413, 422)
  async policy(@Body() body: PolicyBody): Promise<PolicySavedDocument> {
    const { policy_id, name, repeat_count, repeat_after_seconds } = body;
    const head = {
      id: policy_id,
      name,
      ...(repeat_count === undefined ? {} : { repeat_count }),
      ...(repeat_after_seconds === undefined ? {} : { repeat_after_seconds }),
    };
    await this.database.transaction(async (tx) => {
      const data = {
        policies: [head],
        targets: body.targets,
        steps: body.steps.map((step) => ({ ...step, policy_id })),
      };
      refuse(await this.policies.problems(tx, data));
      this.policies.saveAll(tx, data);
    });
    return { ok: 'true', policy_id };
  }
}

function refuse(violations: readonly Violation[], prefix = /^$/): void {
  const [first] = violations;
  if (first === undefined) return;
  throw new BrokerError(
    'malformed',
    'request.invalid',
    `${first.pointer.replace(prefix, '').slice(1)}: ${first.detail}`,
    {
      violations: violations.map(({ pointer, detail }) => ({ pointer: pointer.replace(prefix, ''), detail })),
    },
  );
}
