import type { Manifest } from './manifests.ts';

/** Where the compiled schemas of a group of kinds are; the rest of the path is version and kind. */
const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/',
  'keda.sh': '@kubernetes-models/keda/',
};

/** Kinds of operators whose schemas are in no package: CloudNativePG and the Redis operator. */
const WITHOUT_SCHEMA = ['postgresql.cnpg.io', 'redis.redis.opstreelabs.in'];

interface Model {
  validate(): void;
}

/**
 * What the API server would find wrong with an object, in words. Also fields it does not know, which it would merely drop:
 * the schemas do not forbid them, so a field that its validator never asks for is taken for one of those.
 */
export async function violations(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest;
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  if (WITHOUT_SCHEMA.includes(group)) return [];
  const path = `${PACKAGES[group] ?? 'kubernetes-models/'}${apiVersion}/${kind}`;
  const { [kind]: Kind } = (await import(path)) as Record<string, { prototype: Model }>;
  if (Kind === undefined) return [`${apiVersion} has no ${kind}`];
  const watched = watch(manifest);
  try {
    // Called on our object: its constructor would copy it, and so look at everything.
    Kind.prototype.validate.call(watched.value);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return watched.unread().map((field) => `${field} is no field`);
}

/** A copy that remembers which of its fields were looked at. */
function watch(original: unknown): { value: unknown; unread: () => string[] } {
  const reports: (() => string[])[] = [];
  const copy = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => copy(item, `${path}/${i}`));
    const fields = Object.entries(value).map(
      ([name, field]) => [name, copy(field, `${path}/${name}`)] as const,
    );
    const read = new Set<string>();
    reports.push(() => fields.flatMap(([name]) => (read.has(name) ? [] : [`${path}/${name}`])));
    return new Proxy(Object.fromEntries(fields), {
      get: (target, name: string) => {
        read.add(name);
        return target[name];
      },
    });
  };
  return { value: copy(original, ''), unread: () => reports.flatMap((report) => report()) };
}
