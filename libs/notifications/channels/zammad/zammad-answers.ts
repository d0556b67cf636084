/** A ticket, as far as its answers are used. */
export interface Ticket {
  /** What the API calls it. */
  readonly id: string;
  /** What people call it. */
  readonly number: string | undefined;
  readonly title: string;
  /** Name of its group, where the answer tells. */
  readonly group: string | undefined;
}

/** A group, a state or a priority. */
export interface ZammadObject {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const words = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** @returns nothing for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One ticket; the name of its group is given with `expand` only. */
export function ticketIn(json: unknown): Ticket | undefined {
  if (!isObject(json) || !Number.isSafeInteger(json['id'])) return undefined;
  return {
    id: String(json['id']),
    number: words(json['number']),
    title: words(json['title']) ?? '',
    group: words(json['group']),
  };
}

/**
 * The tickets of a search: a list of them with `expand`, without it their ids beside everything they refer to.
 * @returns nothing for any other answer.
 */
export function ticketsIn(json: unknown): Ticket[] | undefined {
  if (Array.isArray(json)) return json.map(ticketIn).filter((ticket) => ticket !== undefined);
  if (!isObject(json) || !Array.isArray(json['tickets'])) return undefined;
  const assets = isObject(json['assets']) ? json['assets'] : {};
  return json['tickets'].flatMap((id) => {
    const attributes = asset(assets, 'Ticket', id);
    const ticket = ticketIn(attributes);
    if (ticket === undefined) return [];
    return [{ ...ticket, group: words(asset(assets, 'Group', attributes?.['group_id'])?.['name']) }];
  });
}

function asset(assets: Json, kind: string, id: unknown): Json | undefined {
  const all = assets[kind];
  const one = isObject(all) ? all[String(id)] : undefined;
  return isObject(one) ? one : undefined;
}

/** A list of groups, states or priorities. @returns nothing for any other answer. */
export function objectsIn(json: unknown): ZammadObject[] | undefined {
  if (!Array.isArray(json)) return undefined;
  return json.filter(isObject).map(({ id, name, active }) => ({
    id: Number(id),
    name: words(name) ?? '',
    active: active !== false,
  }));
}

/** Why Zammad refuses. What it tells people comes before what it tells programmers. */
export const reasonIn = (json: unknown): string | undefined =>
  isObject(json) ? (words(json['error_human']) ?? words(json['error'])) : undefined;
