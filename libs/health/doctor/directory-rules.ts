import type { DeviceRow, PersonRow, SiteRow } from '#directory';
import type { Settings } from '#platform';

import { advice, error, named, ok, orElse, warning, type Finding } from './finding.ts';

/** Master data of devices and people. */
export interface Directory {
  readonly devices: readonly DeviceRow[];
  readonly persons: readonly PersonRow[];
  readonly sites: readonly SiteRow[];
  /** Ids of devices whose token stands in a file of this project, for everybody to read. */
  readonly published: ReadonlySet<string>;
}

/** Whether every key raises an alarm, and only the right ones do. */
export const examineDirectory = (directory: Directory, settings: Settings): readonly Finding[] =>
  orElse(
    [
      ...keys(directory),
      ...publishedTokens(directory, settings),
      ...people(directory, settings),
      ...places(directory, settings),
    ],
    ok('devices.ok', `All ${directory.devices.length} devices can raise an alarm.`),
  );

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

function keys({ devices }: Directory): Finding[] {
  if (devices.length === 0)
    return [
      advice(
        'devices.none',
        'No device is known: only programs with a key can raise an alarm.',
        'Load a seed file with your devices, as README.md shows.',
      ),
    ];
  const enabled = devices.filter((device) => device.enabled);
  const incomplete = enabled.filter((device) => device.person_id === null || device.room_id === null);
  const disabled = devices.filter((device) => !device.enabled);
  const untried = enabled.filter((device) => !incomplete.includes(device) && device.last_pressed_at === null);
  return [
    ...(incomplete.length > 0
      ? [
          error(
            'devices.incomplete',
            `A press of ${named('device', idsOf(incomplete))} is refused: person or room is missing.`,
            'Give each a person and a room with PUT /v1/admin/devices/{id}, or disable it.',
          ),
        ]
      : []),
    ...(disabled.length > 0
      ? [
          advice(
            'devices.disabled',
            `A press of ${named('device', idsOf(disabled))} is refused: disabled.`,
            'Make sure that nobody relies on them; take away what is no longer there.',
          ),
        ]
      : []),
    ...(untried.length > 0
      ? [
          advice(
            'devices.untried',
            `The key of ${named('device', idsOf(untried))} has never been pressed.`,
            'Try each with a drill, as docs/integrations.md describes.',
          ),
        ]
      : []),
  ];
}

function publishedTokens({ devices, published }: Directory, settings: Settings): Finding[] {
  const known = devices.filter(({ id, enabled }) => enabled && published.has(id));
  const real = devices.filter(({ id, enabled }) => enabled && !published.has(id));
  if (settings.SIMULATION_ENABLED)
    return real.length === 0
      ? []
      : [
          error(
            'devices.real-in-simulation',
            `Simulation is on, and ${named('device', idsOf(real))} are none of the demo: a press in earnest reaches nobody.`,
            'Set SIMULATION_ENABLED=false.',
          ),
        ];
  if (known.length === 0) return [];
  return [
    error(
      'devices.published-token',
      `The token of ${named('device', idsOf(known))} stands in the files of this project: anybody can press it.`,
      'Make new tokens with POST /v1/admin/devices/{id}/rotate-token, or remove the devices of the demo.',
    ),
  ];
}

function people({ persons, devices }: Directory, settings: Settings): Finding[] {
  const gone = new Set(persons.filter(({ active }) => !active).map(({ id }) => id));
  const orphaned = devices.filter(
    ({ enabled, person_id }) => enabled && person_id !== null && gone.has(person_id),
  );
  const findings: Finding[] = [];
  if (orphaned.length > 0)
    findings.push(
      advice(
        'devices.person-left',
        `The person of ${named('device', idsOf(orphaned))} is not active any more.`,
        'Give each the person who sits there now.',
      ),
    );
  const doubled = settings.SIGNAL_ENABLED ? sharedNumbers(persons) : [];
  if (doubled.length > 0)
    findings.push(
      advice(
        'persons.same-number',
        `The same mobile number belongs to ${named('person', doubled)}: an answer over Signal tells no name.`,
        'Let one of them have it only.',
      ),
    );
  return findings;
}

function sharedNumbers(persons: readonly PersonRow[]): string[] {
  const digits = (number: string): string => number.replace('(0)', '').replace(/[^0-9+]/g, '');
  const reachable = persons.filter(({ active, phone_mobile }) => active && phone_mobile);
  const byNumber = Map.groupBy(reachable, ({ phone_mobile }) => digits(phone_mobile ?? ''));
  return [...byNumber.values()].filter((sharing) => sharing.length > 1).flatMap(idsOf);
}

function places({ sites }: Directory, { DEFAULT_TIME_ZONE }: Settings): Finding[] {
  const timeless = sites.filter(({ time_zone }) => time_zone === null);
  if (timeless.length === 0 || DEFAULT_TIME_ZONE !== 'UTC') return [];
  return [
    warning(
      'sites.utc',
      `Messages from ${named('site', idsOf(timeless))} show times in UTC, which responders take for their own.`,
      'Set DEFAULT_TIME_ZONE, as Europe/Berlin, or the time_zone of each site.',
    ),
  ];
}
