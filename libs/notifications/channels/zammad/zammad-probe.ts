import type { Settings } from '#platform';

import { GatewayRefusal } from '../gateway.ts';
import type { ZammadObject } from './zammad-answers.ts';
import { CLOSED_STATE, type Call, type ZammadApi } from './zammad-api.ts';

/** What a setting refers to: by its name or its id. */
interface Reference {
  readonly setting: keyof Settings;
  readonly what: string;
  readonly wanted: string | number;
}

/**
 * Compares the settings with what there is in Zammad. Only reads.
 * @returns what does not fit, as sentences for an administrator.
 * @throws ChannelError when Zammad cannot be reached or lets the token do nothing.
 */
export async function zammadFindings(api: ZammadApi, settings: Settings, call: Call): Promise<string[]> {
  const [states, priorities, groups] = await Promise.all([
    api.list('ticket_states', call),
    api.list('ticket_priorities', call),
    groupsIfAllowed(api, call),
  ]);
  return [
    ...(groups === undefined
      ? [
          'Whether the group in ZAMMAD_GROUP exists could not be checked: Zammad lets this token list no groups ' +
            '(older versions want the permission admin.group for that).',
        ]
      : missing(groups, [{ setting: 'ZAMMAD_GROUP', what: 'group', wanted: settings.ZAMMAD_GROUP ?? '' }])),
    ...missing(priorities, prioritiesOf(settings)),
    ...missing(states, statesOf(settings)),
  ];
}

async function groupsIfAllowed(api: ZammadApi, call: Call): Promise<ZammadObject[] | undefined> {
  try {
    return await api.list('groups', call);
  } catch (error) {
    if (error instanceof GatewayRefusal && error.answer.status === 403) return undefined;
    throw error;
  }
}

function prioritiesOf(settings: Settings): Reference[] {
  const { ZAMMAD_PRIORITY: name, ZAMMAD_PRIORITY_ID_P0: id } = settings;
  return [
    { setting: 'ZAMMAD_PRIORITY', what: 'priority', wanted: name },
    ...(id === undefined
      ? []
      : [{ setting: 'ZAMMAD_PRIORITY_ID_P0', what: 'priority', wanted: id } as const]),
  ];
}

function statesOf(settings: Settings): Reference[] {
  const { ZAMMAD_STATE: name, ZAMMAD_STATE_ID_NEW: id } = settings;
  return [
    id === undefined
      ? { setting: 'ZAMMAD_STATE', what: 'state', wanted: name }
      : { setting: 'ZAMMAD_STATE_ID_NEW', what: 'state', wanted: id },
    ...(settings.ZAMMAD_CLOSE_ON_RESOLVE
      ? [{ setting: 'ZAMMAD_CLOSE_ON_RESOLVE', what: 'state', wanted: CLOSED_STATE } as const]
      : []),
  ];
}

function missing(there: readonly ZammadObject[], references: readonly Reference[]): string[] {
  return references.flatMap(({ setting, what, wanted }) => {
    const found = there.find(({ id, name }) =>
      typeof wanted === 'number' ? id === wanted : name === wanted,
    );
    const called = typeof wanted === 'number' ? `with the id ${wanted}` : `called "${wanted}"`;
    if (found === undefined) return [`Zammad has no ${what} ${called}, which ${setting} needs.`];
    return found.active ? [] : [`The ${what} ${called}, which ${setting} needs, is not active in Zammad.`];
  });
}
