import { isStorable, secretSettingNames, settingNames, type SeedVariables, type Settings } from '#platform';

/** A place in a seed file that cannot be used, as `rooms[3].site_id`. */
export interface SeedProblem {
  readonly path: string;
  readonly detail: string;
}

const REFERENCE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/**
 * Replaces values that are exactly `${NAME}` by the setting of that name, or by a variable whose name begins
 * with `SEED_`. Keys, tokens and addresses that may carry a password are never expanded: a seed file must
 * not be a way to read them.
 */
export function expandReferences(
  value: unknown,
  settings: Settings,
  variables: SeedVariables,
  problems: SeedProblem[],
  path = '',
): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => expandReferences(item, settings, variables, problems, `${path}[${i}]`));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const place = path === '' ? key : `${path}.${key}`;
      // The library that reads the file asks an object for its constructor, and believes what it says.
      if (key === 'constructor') problems.push({ path: place, detail: 'should not exist' });
      else return [[key, expandReferences(item, settings, variables, problems, place)]];
      return [];
    });
    return Object.fromEntries(entries) as unknown;
  }
  if (typeof value === 'string' && !isStorable(value)) {
    problems.push({ path, detail: 'contains a character that cannot be stored' });
  }
  const name = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
  if (name === undefined) return value;
  const found = lookUp(name, settings, variables);
  if (found.detail !== undefined) problems.push({ path, detail: found.detail });
  return found.value;
}

function lookUp(
  name: string,
  settings: Settings,
  variables: SeedVariables,
): { value?: unknown; detail?: string } {
  const setting = settingNames().find((known) => known === name);
  if (setting !== undefined) {
    if (secretSettingNames().has(name)) return { detail: `${name} may not be used in a seed file` };
    const value = settings[setting];
    return value === undefined ? { detail: `${name} is not set` } : { value };
  }
  if (!name.startsWith('SEED_')) {
    return {
      detail: `${name} may not be used in a seed file: it is no setting and does not begin with SEED_`,
    };
  }
  const text = variables.get(name);
  return text === undefined ? { detail: `${name} is not set` } : { value: converted(text) };
}

/** Booleans and whole numbers arrive as such; a telephone number must keep its plus and its zeros. */
function converted(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text;
}
