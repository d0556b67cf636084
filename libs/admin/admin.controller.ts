import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';

import { AccessGuard, Requires } from '#access';
import { MasterData } from '#directory';
import { Policies } from '#escalation';
import { BrokerError, Database, type Violation } from '#platform';

import { PolicyBody, SeedDevice } from './seed.dto.ts';
import { SeedImport } from './seed-import.ts';

/** Master data over HTTP. */
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
  async seed(@Body() body: unknown): Promise<{ ok: 'true' }> {
    if (typeof body === 'string') await this.seeds.importYaml(body);
    else await this.seeds.importData(body);
    return { ok: 'true' };
  }

  @Post('devices')
  @HttpCode(200)
  async device(@Body() device: SeedDevice): Promise<{ ok: 'true'; device_id: string }> {
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
  async policy(@Body() body: PolicyBody): Promise<{ ok: 'true'; policy_id: string }> {
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
