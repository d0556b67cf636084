/** What a description of a provider may refer to. */
export const PLACEHOLDERS = [
  'to',
  'text',
  'from',
  'ref',
  'account',
  'secret',
  'callback',
  'request',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];
export type Values = Readonly<Partial<Record<Placeholder, string>>>;

/** As parsed from JSON or YAML. */
export type Node = string | number | boolean | null | readonly Node[] | { readonly [key: string]: Node };

/** `{{name}}`, or `{{name?}}` for what may be missing. */
const REFERENCE = /\{\{\s*([^{}?]*?)\s*(\??)\s*\}\}/g;

export interface Reference {
  readonly name: string;
  readonly isOptional: boolean;
}

/** Everything a text refers to. */
export const referencesIn = (template: string): Reference[] =>
  [...template.matchAll(REFERENCE)].map(([, name = '', mark]) => ({ name, isOptional: mark === '?' }));

/**
 * Puts values in the place of references, in one text. What is put in is not looked at again, so a value that
 * looks like a reference stays what it is.
 * @returns nothing when something it refers to is missing.
 */
export function filledText(
  template: string,
  values: Values,
  written: (value: string) => string = (value) => value,
): string | undefined {
  let isComplete = true;
  const text = template.replace(REFERENCE, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name as Placeholder] : undefined;
    if (value === undefined || value === '') isComplete = false;
    return value === undefined ? '' : written(value);
  });
  return isComplete ? text : undefined;
}

/**
 * The same for a whole document, leaf by leaf: a value is never read as a part of the document, whatever quotes
 * or brackets it has. A leaf that refers to something missing is left out.
 */
export function filled(template: Node, values: Values): Node | undefined {
  if (typeof template === 'string') return filledText(template, values);
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) {
    return template.map((item) => filled(item, values)).filter((item) => item !== undefined);
  }
  const entries = Object.entries(template).map(([key, item]) => [key, filled(item, values)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Node] => entry[1] !== undefined));
}

const isList = (node: Node): node is readonly Node[] => Array.isArray(node);

/** What stands in a document at a path such as `messages[0].id`; nothing when there is no such place. */
export function valueAt(document: unknown, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  return steps.reduce<unknown>(
    (place, step) =>
      typeof place === 'object' && place !== null && Object.hasOwn(place, step)
        ? (place as Record<string, unknown>)[step]
        : undefined,
    document,
  );
}

/** A word or number, as text. */
export const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
