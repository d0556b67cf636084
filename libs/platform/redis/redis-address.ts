import { ValidateBy } from 'class-validator';

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Where Redis is, as REDIS_URL says it. */
export interface RedisAddress {
  readonly form: 'single' | 'sentinel' | 'cluster';
  /** The server itself, the sentinels to ask, or some nodes of the cluster. */
  readonly hosts: readonly RedisHost[];
  readonly isEncrypted: boolean;
  readonly login: Login;
  readonly database: number;
  /** What the sentinels call the master; empty in other forms. */
  readonly master: string;
  readonly sentinelLogin: Login;
}

const SHAPE =
  /^redis(?<tls>s)?(?:[-+](?<form>sentinel|cluster))?:\/\/(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#]*)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?<host>[\w.-]+|\[[\da-fA-F:.]+\])(?::(?<port>\d{1,5}))?$/;
const SENTINEL_PARAMETERS = new Set(['sentinel_username', 'sentinel_password']);

/**
 * Reads a REDIS_URL. The first form is the one registered for `redis:` and `rediss:`; the two others are those
 * most clients agree on, with `-` or `+` after `redis`:
 *
 * - `redis://[[user]:password@]host[:6379][/database]`
 * - `redis-sentinel://[[user]:password@]host[:26379][,host…]/master[/database][?sentinel_username=…&sentinel_password=…]`
 * - `redis-cluster://[[user]:password@]host[:6379][,host…]`
 *
 * `rediss` instead of `redis` encrypts all connections, those to sentinels too.
 * @throws Error whose message says what the value must be, and nothing of the value.
 */
export function redisAddress(url: string): RedisAddress {
  const parts = SHAPE.exec(url)?.groups;
  if (parts === undefined) {
    throw new Error(
      'must be a URL that begins with redis://, redis-sentinel://, redis-cluster:// or the same with rediss',
    );
  }
  const form = (parts['form'] ?? 'single') as RedisAddress['form'];
  const hosts = (parts['hosts'] ?? '')
    .split(',')
    .map((host) => hostOf(host, form === 'sentinel' ? 26379 : 6379));
  if (form === 'single' && hosts.length > 1) {
    throw new Error('must be redis-sentinel:// or redis-cluster:// to name several hosts');
  }
  const path = (parts['path'] ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const master = form === 'sentinel' ? (path.shift() ?? '') : '';
  if (form === 'sentinel' && master === '') {
    throw new Error('must be redis-sentinel://host/name with the name the sentinels give the master');
  }
  const parameters = new URLSearchParams(parts['query']);
  if ([...parameters.keys()].some((name) => form !== 'sentinel' || !SENTINEL_PARAMETERS.has(name))) {
    throw new Error(
      'must be without parameters, but for sentinel_username and sentinel_password of redis-sentinel://',
    );
  }
  return {
    form,
    hosts,
    isEncrypted: parts['tls'] !== undefined,
    login: loginOf(parts['login']),
    database: databaseOf(path, form),
    master,
    sentinelLogin: {
      username: parameters.get('sentinel_username') ?? undefined,
      password: parameters.get('sentinel_password') ?? undefined,
    },
  };
}

function hostOf(written: string, defaultPort: number): RedisHost {
  const { host, port = defaultPort } = HOST.exec(written)?.groups ?? {};
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error('must be a URL whose hosts are written as host:port, separated by commas');
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function loginOf(written: string | undefined): Login {
  if (written === undefined) return { username: undefined, password: undefined };
  const [username = '', ...password] = written.split(':');
  if (password.length === 0) {
    throw new Error('must be a URL with a colon before the password, as redis://:password@host');
  }
  return { username: decoded(username) || undefined, password: decoded(password.join(':')) || undefined };
}

function databaseOf(path: readonly string[], form: RedisAddress['form']): number {
  const [written = '0'] = path;
  if (path.length > 1 || !/^\d{1,4}$/.test(written)) {
    throw new Error('must be a URL that ends with its hosts or the number of a database');
  }
  if (form === 'cluster' && Number(written) !== 0) {
    throw new Error('must be without the number of a database: a cluster has none but 0');
  }
  return Number(written);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('must be a URL in which a % stands before two hexadecimal digits');
  }
}

/** Validates a REDIS_URL; unset stays `undefined`. */
export function IsRedisUrl(): PropertyDecorator {
  const complaint = (value: unknown): string | undefined => {
    try {
      redisAddress(String(value));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return ValidateBy({
    name: 'isRedisUrl',
    validator: {
      validate: (value: unknown) => value === undefined || complaint(value) === undefined,
      defaultMessage: (problem) => complaint(problem?.value) ?? 'must be a URL',
    },
  });
}
