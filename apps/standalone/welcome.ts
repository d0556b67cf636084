import { join } from 'node:path';

import type { Settings } from '#platform';

/** What to open and what to press, for somebody who has just started the broker. */
export function welcome(settings: Settings): string {
  const url = settings.BASE_URL.replace(/\/$/, '');
  const simulation = settings.SIMULATION_ENABLED;
  return `
Alarm Broker is running${simulation ? ' in simulation: nothing leaves this machine' : ''}.

  Address    ${url}
  Admin key  ${settings.ADMIN_API_KEY}  (ADMIN_API_KEY, else kept in ${join(settings.DATA_DIR, 'admin-key')})

Press the alarm key of the library desk:

  curl '${url}/v1/yealink/alarm?${settings.YELK_TOKEN_QUERY_PARAM}=MU_YLK_NORTH_LIB_2002'
${
  simulation
    ? `
See who was told, and open the link in the message to acknowledge:

  curl -H 'X-Admin-Key: ${settings.ADMIN_API_KEY}' ${url}/v1/simulation/notifications
`
    : `
See what became of it:

  curl -H 'X-Admin-Key: ${settings.ADMIN_API_KEY}' ${url}/v1/alarms
`
}
Ctrl-C stops everything.
`;
}
