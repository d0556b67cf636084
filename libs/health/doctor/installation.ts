import { Injectable } from '@nestjs/common';

import { DeviceRegister, Devices, Persons, Rooms, Sites } from '#directory';
import { EscalationReport, Policies, Targets } from '#escalation';
import { ChannelReport, NotificationHistory } from '#notifications';
import { Clock, hashSecret, type Register, type RegisterRow } from '#platform';

import { DEAD_LETTER_DAYS, DEAD_LETTERS_COUNTED, type Deliveries } from './delivery-rules.ts';
import type { Directory } from './directory-rules.ts';
import type { Escalations } from './policy-rules.ts';

/** Tokens in the bundled seed files, which everybody can read. A test holds the list to the files. */
export const PUBLISHED_TOKENS = [
  'MU_YLK_NORTH_OPS_2001',
  'MU_YLK_NORTH_LIB_2002',
  'MU_YLK_CHEM_LAB_2003',
  'MU_YLK_MED_OR_2004',
  'MU_YLK_DORM_LOBBY_2005',
  'CHANGE-ME-COUNTER-3',
];

const PAGE = 1000;
const DAY_MS = 86_400_000;

/** What the rules judge, read from the rooms that own it. */
@Injectable()
export class Installation {
  constructor(
    private readonly deviceRegister: DeviceRegister,
    private readonly devices: Devices,
    private readonly persons: Persons,
    private readonly rooms: Rooms,
    private readonly sites: Sites,
    private readonly policies: Policies,
    private readonly targets: Targets,
    private readonly channels: ChannelReport,
    private readonly escalations: EscalationReport,
    private readonly history: NotificationHistory,
    private readonly clock: Clock,
  ) {}

  async directory(): Promise<Directory> {
    const published = PUBLISHED_TOKENS.map((token) => this.devices.stateOf(hashSecret(token)));
    return {
      devices: await all(this.deviceRegister),
      persons: await all(this.persons),
      sites: await all(this.sites),
      published: new Set((await Promise.all(published)).map(({ deviceId }) => deviceId ?? '')),
    };
  }

  async escalation(): Promise<Escalations> {
    const policies = await all(this.policies);
    const users = [
      ...(await all(this.deviceRegister)),
      ...(await all(this.rooms)),
      ...(await all(this.sites)),
    ];
    // As a press chooses: the one named default, else the oldest.
    const [oldest] = policies.toSorted(
      (a, b) => a.created_at.getTime() - b.created_at.getTime() || (a.id < b.id ? -1 : 1),
    );
    const general = policies.find(({ id }) => id === 'default') ?? oldest;
    const chosen = users.map(({ escalation_policy_id }) => escalation_policy_id ?? '');
    return {
      policies,
      targets: await all(this.targets),
      inForce: new Set([...chosen, general?.id ?? '']),
    };
  }

  async deliveries(): Promise<Deliveries> {
    const now = this.clock.now();
    const [messages, steps, dead] = await Promise.all([
      this.channels.backlog(now),
      this.escalations.overdue(now),
      this.history.dead({}, DEAD_LETTERS_COUNTED),
    ]);
    const since = new Date(now.getTime() - DEAD_LETTER_DAYS * DAY_MS);
    return {
      now,
      oldestMessage: messages.oldestDueAt,
      oldestStep: steps.oldestDueAt,
      dead: dead.filter(({ finishedAt }) => finishedAt !== null && finishedAt > since).length,
    };
  }
}

/** Every row of a register, in pages. */
async function all<Row extends RegisterRow>(register: Register<Row, never>): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await register.list(PAGE, rows.at(-1)?.id);
    rows.push(...page);
    if (page.length < PAGE) return rows;
  }
}
