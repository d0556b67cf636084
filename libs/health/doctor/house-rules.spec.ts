import type { DeviceRow, PersonRow, SiteRow } from '#directory';
import type { PolicyRow, TargetRow } from '#escalation';
import { readSettings } from '#platform';

import { examineDirectory, type Directory } from './directory-rules.ts';
import { named, worstOf, type Finding } from './finding.ts';
import { examinePolicies } from './policy-rules.ts';

const codes = (findings: readonly Finding[]) => findings.map(({ severity, code }) => `${severity} ${code}`);
const ROW = { version: 1, created_at: new Date(0), updated_at: new Date(0) };

describe('devices and people', () => {
  const device = (changes: Partial<DeviceRow>): DeviceRow => ({
    ...ROW,
    id: 'phone-1',
    vendor: 'yealink',
    model_family: null,
    mac: null,
    account_ext: null,
    person_id: 'ada',
    room_id: 'counter',
    escalation_policy_id: null,
    enabled: true,
    last_pressed_at: new Date(0),
    ...changes,
  });
  const person = (changes: Partial<PersonRow>): PersonRow => ({
    ...ROW,
    id: 'ada',
    display_name: 'Ada',
    role: null,
    phone_mobile: null,
    phone_ext: null,
    active: true,
    ...changes,
  });
  const site: SiteRow = { ...ROW, id: 'hall', name: 'Hall', time_zone: null, escalation_policy_id: null };
  const look = (changes: Partial<Directory>, settings: Record<string, string> = {}) =>
    codes(
      examineDirectory(
        { devices: [device({})], persons: [person({})], sites: [], published: new Set(), ...changes },
        readSettings(settings),
      ),
    );

  it('are well', () => {
    expect(look({})).toEqual(['ok devices.ok']);
  });

  it.each<[string, Partial<Directory>, Record<string, string>, string]>([
    ['no device', { devices: [] }, {}, 'advice devices.none'],
    ['nobody at a device', { devices: [device({ person_id: null })] }, {}, 'error devices.incomplete'],
    ['a device nowhere', { devices: [device({ room_id: null })] }, {}, 'error devices.incomplete'],
    [
      'a disabled device, complete or not',
      { devices: [device({ enabled: false, room_id: null })] },
      {},
      'advice devices.disabled',
    ],
    ['an untried key', { devices: [device({ last_pressed_at: null })] }, {}, 'advice devices.untried'],
    ['a published token', { published: new Set(['phone-1']) }, {}, 'error devices.published-token'],
    ['earnest in simulation', {}, { SIMULATION_ENABLED: 'true' }, 'error devices.real-in-simulation'],
    ['somebody who left', { persons: [person({ active: false })] }, {}, 'advice devices.person-left'],
    ['a site without a time zone', { sites: [site] }, {}, 'warning sites.utc'],
  ])('%s', (_what, changes, settings, expected) => {
    expect(look(changes, settings)).toEqual([expected]);
  });

  it('the demo in simulation is well', () => {
    const demo = { published: new Set(['phone-1']) };
    expect(look(demo, { SIMULATION_ENABLED: 'true' })).toEqual(['ok devices.ok']);
  });

  it('a site without a time zone takes the one of the installation', () => {
    expect(look({ sites: [site] }, { DEFAULT_TIME_ZONE: 'Europe/Berlin' })).toEqual(['ok devices.ok']);
  });

  it('two people with one number matter where answers come by Signal, however the number is written', () => {
    const persons = [
      person({ phone_mobile: '+49 170 1234567' }),
      person({ id: 'ben', phone_mobile: '+49 (0)170/1234567' }),
      person({ id: 'cleo', phone_mobile: '+49170999' }),
      person({ id: 'dora' }),
      person({ id: 'emil' }),
    ];
    const signal = {
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: 'http://signal:8080',
      SIGNAL_NUMBER: '+4930111222',
    };
    expect(look({ persons })).toEqual(['ok devices.ok']);
    expect(look({ persons }, signal)).toEqual(['advice persons.same-number']);
  });
});

describe('policies and targets', () => {
  const target = (id: string, changes: Partial<TargetRow> = {}): TargetRow => ({
    ...ROW,
    id,
    label: id,
    channel: 'sms',
    address: '+4915112345678',
    enabled: true,
    ...changes,
  });
  const MAIL = { channel: 'email', address: 'guard@example.org' } as const;
  const TARGETS = [target('guard'), target('desk', MAIL), target('boss')];
  const policy = (
    steps: readonly (readonly [step: number, after: number, ...targets: string[]])[],
  ): PolicyRow => ({
    ...ROW,
    id: 'default',
    name: 'Hall',
    repeat_count: 0,
    repeat_after_seconds: 60,
    steps: steps.map(([step_no, after_seconds, ...target_ids]) => ({ step_no, after_seconds, target_ids })),
  });
  const GOOD = policy([
    [0, 0, 'guard', 'desk'],
    [1, 60, 'boss'],
  ]);
  const SETTINGS = {
    SENDXMS_ENABLED: 'true',
    SENDXMS_BASE_URL: 'https://sms.example.org',
    SMTP_URL: 'smtps://mail.example.org',
    SMTP_FROM: 'alarm@example.org',
  };
  const look = (policies: readonly PolicyRow[], targets = TARGETS, settings: object = SETTINGS) =>
    codes(
      examinePolicies({ policies, targets, inForce: new Set(['default']) }, readSettings({ ...settings })),
    );

  it('are well', () => {
    expect(look([GOOD])).toEqual(['ok policies.ok']);
  });

  it('there is none', () => {
    expect(look([])).toEqual(['error policies.none']);
  });

  it.each<[string, PolicyRow, string[]]>([
    ['no step', policy([]), ['error policies.empty', 'advice targets.idle']],
    ['one step only', policy([[0, 0, 'guard', 'desk', 'boss']]), ['warning policies.one-step']],
    [
      'nobody at once',
      policy([
        [0, 30, 'guard', 'desk'],
        [1, 60, 'boss'],
      ]),
      ['warning policies.late'],
    ],
    [
      'numbers against time',
      policy([
        [1, 0, 'guard', 'desk'],
        [0, 60, 'boss'],
      ]),
      ['warning policies.unordered'],
    ],
    [
      'a first step on one channel',
      policy([
        [0, 0, 'guard', 'boss'],
        [1, 60, 'desk'],
      ]),
      ['advice policies.one-channel'],
    ],
  ])('%s', (_what, written, expected) => {
    expect(look([written])).toEqual(expected);
  });

  it('one step that is repeated is enough', () => {
    expect(look([{ ...policy([[0, 0, 'guard', 'desk', 'boss']]), repeat_count: 2 }])).toEqual([
      'ok policies.ok',
    ]);
  });

  it('a step whose people cannot be reached counts double at the beginning', () => {
    const off = { enabled: false };
    expect(look([GOOD], [target('guard', off), target('desk', { ...MAIL, ...off }), target('boss')])).toEqual(
      ['error policies.step-reaches-nobody', 'advice targets.disabled', 'advice targets.disabled'],
    );
    expect(look([GOOD], [target('guard'), target('desk', MAIL), target('boss', off)])).toEqual([
      'warning policies.step-reaches-nobody',
      'advice targets.disabled',
    ]);
  });

  it('a channel that is not set up reaches nobody', () => {
    expect(look([GOOD], TARGETS, {})).toEqual([
      'error policies.reaches-nobody',
      ...Array<string>(3).fill('warning targets.channel-not-set-up'),
    ]);
    expect(look([GOOD], TARGETS, { SIMULATION_ENABLED: 'true' })).toEqual(['ok policies.ok']);
  });

  it.each<[TargetRow['channel'], string, boolean]>([
    ['sms', 'ring Bob', false],
    ['sms', '', false],
    ['sms', '+49 (0) 151/123 45 678', true],
    ['email', 'nobody', false],
    ['email', '"Guard, night" <night@example.org>', true],
    ['webhook', '', false],
    ['webhook', 'ftp://desk.example.org', false],
    ['webhook', 'http://10.0.0.7/alarms', false],
    ['webhook', 'https://desk.example.org/alarms', true],
    ['signal', '', false],
    ['signal', '+4915112345678', true],
    ['ntfy', 'two words', false],
    ['ntfy', 'a1b2c3', true],
    ['zammad', '', true],
  ])('whether %s reaches %j', (channel, address, reaches) => {
    const all = {
      ...SETTINGS,
      SIGNAL_ENABLED: 'true',
      SIGNAL_CLI_ENDPOINT: 'http://signal:8080',
      SIGNAL_NUMBER: '+4930111222',
      NTFY_BASE_URL: 'https://ntfy.example.org',
      ZAMMAD_BASE_URL: 'https://tickets.example.org',
      ZAMMAD_API_TOKEN: 'x',
      ZAMMAD_GROUP: 'Guards',
      ZAMMAD_CUSTOMER: 'alarm@example.org',
    };
    const targets = [target('guard'), target('desk', MAIL), target('boss', { channel, address })];
    expect(look([GOOD], targets, all)).toEqual(
      reaches ? ['ok policies.ok'] : ['warning policies.step-reaches-nobody', 'error targets.address'],
    );
  });

  it('what no alarm follows, and whom nobody tells, is advice', () => {
    const unused = { ...policy([]), id: 'unused' };
    expect(
      look([GOOD, unused], [...TARGETS, target('idle'), target('idle-off', { enabled: false })]),
    ).toEqual(['advice policies.empty', 'advice targets.idle']);
  });

  it('never shows where somebody is reached', () => {
    const findings = examinePolicies(
      {
        policies: [GOOD],
        targets: [
          target('guard', { address: '12 three' }),
          target('desk', { channel: 'webhook', address: 'ftp://x' }),
        ],
        inForce: new Set(['default']),
      },
      readSettings(SETTINGS),
    );
    expect(worstOf(findings)).toBe('error');
    expect(JSON.stringify(findings)).not.toMatch(/12 three|ftp:/);
  });
});

it('names a few and counts the rest', () => {
  expect(named('device', ['a'])).toBe('device a');
  expect(named('device', ['a', 'b', 'c'])).toBe('devices a, b and c');
  expect(named('device', [...'abcdefg'])).toBe('devices a, b, c, d, e and 2 others');
});
