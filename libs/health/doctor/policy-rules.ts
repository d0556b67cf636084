import type { PolicyRow, TargetRow } from '#escalation';
import { addressTrouble, isConfigured } from '#notifications';
import type { Settings } from '#platform';

import { advice, error, named, ok, orElse, warning, type Finding } from './finding.ts';

/** Policies, whom they name, and which of them an alarm can come to follow. */
export interface Escalations {
  readonly policies: readonly PolicyRow[];
  readonly targets: readonly TargetRow[];
  /** Ids of policies chosen by a device, a room or a site, and the one that holds for all others. */
  readonly inForce: ReadonlySet<string>;
}

type Step = PolicyRow['steps'][number];

/** Whether every alarm finds somebody, and somebody else after that. */
export function examinePolicies(escalations: Escalations, settings: Settings): readonly Finding[] {
  const { policies, targets, inForce } = escalations;
  if (policies.length === 0)
    return [
      error(
        'policies.none',
        'There is no escalation policy: an alarm is kept, and nobody is told.',
        'Load a seed file with a policy, targets and steps, as README.md shows.',
      ),
    ];
  const reachable = new Set(
    targets.filter((target) => whyUnreachable(target, settings) === undefined).map(({ id }) => id),
  );
  return orElse(
    [
      ...policies.flatMap((policy) => {
        const findings = findingsOf(policy, reachable, targets);
        // What no alarm follows can wait.
        return inForce.has(policy.id) ? findings : findings.map((finding) => ({ ...finding, ...LESS }));
      }),
      ...targetFindings(escalations, settings),
    ],
    ok('policies.ok', 'Every policy tells somebody at once and somebody else after that.'),
  );
}

const LESS = { severity: 'advice' } as const;

function findingsOf(
  { id, steps, repeat_count }: PolicyRow,
  reachable: ReadonlySet<string>,
  targets: readonly TargetRow[],
): Finding[] {
  const inTime = steps.toSorted((a, b) => a.after_seconds - b.after_seconds || a.step_no - b.step_no);
  const [first] = inTime;
  if (first === undefined)
    return [
      error(
        'policies.empty',
        `The policy ${id} has no step: nobody is told.`,
        `Give it steps with PUT /v1/admin/escalation-policies/${id}.`,
      ),
    ];
  const alone = inTime.filter(({ target_ids }) => !target_ids.some((target) => reachable.has(target)));
  if (alone.length === inTime.length)
    return [
      error(
        'policies.reaches-nobody',
        `The policy ${id} tells nobody who can be reached.`,
        'Mend its targets, which are named below, or name others in its steps.',
      ),
    ];
  return [
    ...alone.map((step) => stepReachesNobody(id, step, first)),
    ...lateOrUnordered(id, steps, inTime, first),
    ...(inTime.length < 2 && repeat_count === 0
      ? [
          warning(
            'policies.one-step',
            `The policy ${id} has one step and is not repeated: whoever misses it, nobody else is told.`,
            'Add a second step with other people, or set repeat_count.',
          ),
        ]
      : []),
    ...oneChannel(id, first, targets, reachable),
  ];
}

const stepReachesNobody = (policy: string, step: Step, first: Step): Finding =>
  (step === first ? error : warning)(
    'policies.step-reaches-nobody',
    `Step ${step.step_no} of the policy ${policy} tells nobody who can be reached.`,
    'Mend its targets, which are named below, or name others in this step.',
  );

function lateOrUnordered(
  id: string,
  steps: readonly Step[],
  inTime: readonly Step[],
  first: Step,
): Finding[] {
  const findings: Finding[] = [];
  if (first.after_seconds > 0)
    findings.push(
      warning(
        'policies.late',
        `The policy ${id} tells nobody for the first ${first.after_seconds} seconds.`,
        'Let its first step begin after 0 seconds.',
      ),
    );
  const byNumber = steps.toSorted((a, b) => a.step_no - b.step_no);
  if (byNumber.some((step, place) => step.step_no !== inTime[place]?.step_no))
    findings.push(
      warning(
        'policies.unordered',
        `The steps of the policy ${id} are numbered in another order than they start in; time decides.`,
        'Number them in the order of after_seconds.',
      ),
    );
  return findings;
}

function oneChannel(
  id: string,
  first: Step,
  targets: readonly TargetRow[],
  reachable: ReadonlySet<string>,
): Finding[] {
  const told = targets.filter((target) => first.target_ids.includes(target.id) && reachable.has(target.id));
  const [channel, ...others] = new Set(told.map((target) => target.channel));
  if (channel === undefined || others.length > 0) return [];
  return [
    advice(
      'policies.one-channel',
      `The first step of the policy ${id} tells people by ${channel} only.`,
      'Add a target on another channel, so that one dead gateway delays nobody.',
    ),
  ];
}

/** Nothing for a target that can be reached, as far as can be known without sending. */
function whyUnreachable(
  target: TargetRow,
  settings: Settings,
): 'disabled' | 'channel' | 'address' | undefined {
  if (!target.enabled) return 'disabled';
  if (!isConfigured(target.channel, settings)) return 'channel';
  return addressTrouble(target.channel, target.address, settings) === undefined ? undefined : 'address';
}

function targetFindings({ policies, targets, inForce }: Escalations, settings: Settings): Finding[] {
  const told = new Set(
    policies
      .filter(({ id }) => inForce.has(id))
      .flatMap(({ steps }) => steps.flatMap((step) => step.target_ids)),
  );
  const anywhere = new Set(policies.flatMap(({ steps }) => steps.flatMap((step) => step.target_ids)));
  const idle = targets.filter(({ id, enabled }) => enabled && !anywhere.has(id)).map(({ id }) => id);
  const findings = targets
    .filter(({ id }) => told.has(id))
    .flatMap((target) => unreachable(target, settings));
  if (idle.length > 0)
    findings.push(
      advice(
        'targets.idle',
        `No step tells ${named('target', idle)}.`,
        'Name them in a step, or remove them with DELETE /v1/admin/escalation-targets/{id}.',
      ),
    );
  return findings;
}

function unreachable(target: TargetRow, settings: Settings): Finding[] {
  const { id, channel, address } = target;
  switch (whyUnreachable(target, settings)) {
    case undefined:
      return [];
    case 'disabled':
      return [
        advice(
          'targets.disabled',
          `The target ${id} is disabled, by somebody or because its receiver answered 410.`,
          `Enable it with PUT /v1/admin/escalation-targets/${id}, or take it out of the steps.`,
        ),
      ];
    case 'channel':
      return [
        warning(
          'targets.channel-not-set-up',
          `The target ${id} is told by ${channel}, which is not set up.`,
          `Set up ${channel} as docs/integrations.md describes, or give the target another channel.`,
        ),
      ];
    case 'address':
      return [
        error(
          'targets.address',
          `Nobody is reached by the target ${id}: ${addressTrouble(channel, address, settings) ?? ''}`,
          `Correct it with PUT /v1/admin/escalation-targets/${id}.`,
        ),
      ];
  }
}
