import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Module, type DynamicModule } from '@nestjs/common';

import { Doctor, DoctorModule } from '#health';
import { ChannelProbes } from '#notifications';
import { PlatformModule, Sweeper, type PlatformOptions } from '#platform';

import { API_DOORS } from '../../apps/api/api.module.ts';
import { workerRooms } from '../../apps/worker/worker.module.ts';
import { PUBLISHED_TOKENS } from '../../libs/health/doctor/installation.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { house, KEY } from '../support/house.ts';
import { World } from '../support/world.ts';

const SEEDS = ['simulation.yaml', 'example.yaml'];
const seedFile = (name: string) => readFile(join(import.meta.dirname, '../../seeds', name), 'utf8');

/** A broker whose api can call the doctor, who has no channels of his own there. */
@Module({})
class BrokerWithDoctor {
  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: BrokerWithDoctor,
      imports: [
        PlatformModule.forRoot(options),
        ...API_DOORS,
        ...workerRooms(options.settings),
        DoctorModule,
      ],
    };
  }
}

describe('a doctor in the house', () => {
  let world: World;
  let gateway: HttpReceiver;

  beforeEach(async () => {
    gateway = await HttpReceiver.start();
  });
  afterEach(async () => {
    await world.stop();
    await gateway.close();
  });

  const start = async (seed: string, settings: Record<string, string> = {}) => {
    world = await World.start({ root: BrokerWithDoctor, seed, settings });
  };
  const codes = async () => {
    const findings = await world.app.get(Doctor, { strict: false }).examine();
    return findings.map(({ severity, code }) => `${severity} ${code}`);
  };
  const sms = () => ({ SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: gateway.url });

  it('tells of a channel what the workers have found out about it', async () => {
    await start(house([{ id: 'guard', channel: 'ntfy', address: 'guards' }]), { NTFY_BASE_URL: gateway.url });
    gateway.answer({ status: 503 });
    world.clock.advance(20);
    await world.app.get(Sweeper).sweepNow();
    await world.app.get(ChannelProbes, { strict: false }).idle();

    expect(await codes()).toContain('error channels.no-answer');
  });

  it('sees that nobody is at work, before anybody else does', async () => {
    await start(house([{ id: 'guard' }, { id: 'boss', after: 600 }]), sms());
    expect(await codes()).toContain('ok delivery.ok');
    gateway.hang();
    await world.press(KEY).expect(200);
    await gateway.next();
    await world.query(`UPDATE escalations SET next_step_at = next_step_at - interval '1 hour'`);

    expect(await codes()).toContain('error delivery.overdue-steps');
    await world.query('UPDATE escalations SET next_step_at = NULL');
  });

  it('remembers what failed for good, for a week', async () => {
    await start(house([{ id: 'guard' }, { id: 'boss', after: 600 }]), sms());
    gateway.answer({ status: 400 });
    await world.press(KEY).expect(200);
    await world.settle();

    expect(await codes()).toContain('advice delivery.dead-letters');
    world.clock.advance(8 * 86_400);
    expect(await codes()).not.toContain('advice delivery.dead-letters');
  });

  it('knows which policies alarms can come to follow', async () => {
    await start(house([{ id: 'guard' }, { id: 'off', enabled: false }, { id: 'boss', after: 60 }]), sms());
    const steps = [{ step_no: 0, after_seconds: 0, target_ids: ['off'] }];
    await world.put('/v1/admin/escalation-policies/night', { name: 'Night', steps }).expect(201);
    expect(await codes()).toContain('advice policies.reaches-nobody');
    const { body: room } = await world.get('/v1/admin/rooms/counter-1').expect(200);
    await world
      .put('/v1/admin/rooms/counter-1', {
        site_id: room.site_id,
        label: room.label,
        escalation_policy_id: 'night',
      })
      .expect(200);

    expect(await codes()).toContain('error policies.reaches-nobody');
  });

  it('calls the keys of the demo harmless in simulation', async () => {
    await start(await seedFile('simulation.yaml'), { SIMULATION_ENABLED: 'true' });

    const found = await codes();
    expect(found).toContain('ok channels.simulated');
    expect(found).toContain('ok policies.ok');
    expect(found.filter((code) => / devices\./.test(code))).toEqual(['advice devices.untried']);
  });

  it('calls the keys of the demo an error in earnest', async () => {
    await start(await seedFile('simulation.yaml'));

    expect(await codes()).toContain('error devices.published-token');
  });
});

it('knows the tokens of all bundled seed files', async () => {
  const text = (await Promise.all(SEEDS.map(seedFile))).join('\n');
  const tokens = [...text.matchAll(/device_token: ([\w-]+)/g)].map(([, token]) => token);

  expect(tokens.sort()).toEqual([...PUBLISHED_TOKENS].sort());
});
