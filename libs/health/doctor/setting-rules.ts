import { REDIS_CONNECTIONS_TO_WORK, type Settings } from '#platform';

import { advice, error, orElse, ok, warning, type Finding } from './finding.ts';
import { hostOf, isLocal, isLoopback } from './hosts.ts';
import { secretRules } from './secret-rules.ts';

type Rule = (settings: Settings) => Finding | undefined;

/** What messages, phones and people need to know of this installation. */
const RULES: readonly Rule[] = [
  function loopbackLinks({ BASE_URL, LISTEN_HOST, SIMULATION_ENABLED }) {
    if (!isLoopback(hostOf(BASE_URL)) || isLoopback(LISTEN_HOST)) return undefined;
    return (SIMULATION_ENABLED ? warning : error)(
      'settings.base-url-loopback',
      'BASE_URL leads to this machine, so the link in a message opens nothing on the phone of a responder.',
      'Set BASE_URL to the address under which responders reach the broker, as https://alarm.example.org.',
    );
  },
  function unencryptedLinks({ BASE_URL }) {
    if (BASE_URL.startsWith('https:') || isLoopback(hostOf(BASE_URL))) return undefined;
    return warning(
      'settings.base-url-http',
      'BASE_URL is http, so whoever shares a network with a responder can read the link and answer the alarm.',
      'Put a proxy with a certificate in front of the api and let BASE_URL begin with https://.',
    );
  },
  function localLinks({ BASE_URL }) {
    const host = hostOf(BASE_URL);
    if (isLoopback(host) || !isLocal(host)) return undefined;
    return advice(
      'settings.base-url-local',
      'BASE_URL has a name or address that is known in your own network only.',
      'Make sure that responders on mobile phones can open it, or use a public name.',
    );
  },
  function simulation({ SIMULATION_ENABLED }) {
    if (!SIMULATION_ENABLED) return undefined;
    return advice(
      'settings.simulation',
      'SIMULATION_ENABLED is true: nobody is told of anything.',
      'Set SIMULATION_ENABLED=false before anybody relies on a key.',
    );
  },
  function everybodyMayPress({ YELK_IP_ALLOWLIST }) {
    if (YELK_IP_ALLOWLIST.length > 0) return undefined;
    return advice(
      'settings.phones-from-everywhere',
      'YELK_IP_ALLOWLIST is empty: whoever knows the token of a phone can press its key from anywhere.',
      'List the networks of the phones in YELK_IP_ALLOWLIST.',
    );
  },
  function allowlistBehindProxy({ YELK_IP_ALLOWLIST, TRUSTED_PROXY_CIDRS, BASE_URL }) {
    if (YELK_IP_ALLOWLIST.length === 0 || TRUSTED_PROXY_CIDRS.length > 0) return undefined;
    if (!BASE_URL.startsWith('https:')) return undefined;
    return warning(
      'settings.allowlist-sees-proxy',
      'BASE_URL is https, so a proxy stands before the api, but TRUSTED_PROXY_CIDRS is empty: ' +
        'YELK_IP_ALLOWLIST is compared with the address of the proxy.',
      'Name the proxy in TRUSTED_PROXY_CIDRS.',
    );
  },
  function everybodyIsProxy({ TRUSTED_PROXY_CIDRS }) {
    if (!TRUSTED_PROXY_CIDRS.some((range) => /\/0$/.test(range))) return undefined;
    return warning(
      'settings.trusts-everybody',
      'TRUSTED_PROXY_CIDRS holds every address, so a caller can claim to be whoever YELK_IP_ALLOWLIST lets in.',
      'List the proxies only.',
    );
  },
  function noHaste({ ESCALATE_ON_FAILURE }) {
    if (ESCALATE_ON_FAILURE) return undefined;
    return advice(
      'settings.no-haste',
      'ESCALATE_ON_FAILURE is false: when nobody of a step can be told, the next one still waits for its time.',
      'Set ESCALATE_ON_FAILURE=true unless the times of the plan are binding.',
    );
  },
  function fewRedisConnections({ REDIS_URL, REDIS_MAX_CONNECTIONS }) {
    if (REDIS_URL === undefined || REDIS_MAX_CONNECTIONS >= REDIS_CONNECTIONS_TO_WORK) return undefined;
    return error(
      'settings.redis-connections',
      `REDIS_MAX_CONNECTIONS is below ${REDIS_CONNECTIONS_TO_WORK}: a worker will not start.`,
      `Set REDIS_MAX_CONNECTIONS to at least ${REDIS_CONNECTIONS_TO_WORK}.`,
    );
  },
  function debugLog({ LOG_LEVEL }) {
    if (LOG_LEVEL !== 'DEBUG') return undefined;
    return advice(
      'settings.debug-log',
      'LOG_LEVEL is DEBUG, which fills the disk of a busy installation.',
      'Set LOG_LEVEL=INFO once you have seen what you were looking for.',
    );
  },
];

/** Judges settings that are valid each by itself. */
export const examineSettings = (settings: Settings): readonly Finding[] =>
  orElse(
    [...RULES.map((rule) => rule(settings)), ...secretRules(settings)].filter(
      (finding) => finding !== undefined,
    ),
    ok('settings.ok', 'The settings fit together.'),
  );
