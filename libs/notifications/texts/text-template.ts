import { Liquid, type RenderOptions } from 'liquidjs';

import { PURPOSES, type Purpose } from '../alarm-brief.ts';
import type { Language } from './language.ts';
import { PARTS, type Part } from './message-text.ts';

/** A Liquid template, ready to be filled in. */
export interface TextTemplate {
  /** The variables it names anywhere, as `change.by`. */
  readonly variables: readonly string[];
  /** @throws Error when it asks for more than it may have. */
  render(variables: Readonly<Record<string, unknown>>): string;
}

/** The templates of one channel. Without one for HTML, the page is made of the body. */
export type TextTemplates = Readonly<
  Record<Purpose, Readonly<Record<Exclude<Part, 'html'>, TextTemplate> & { html?: TextTemplate }>>
>;

/**
 * What a template somebody brought along may take: letters and turns of its loops, and, for what that does not
 * count, milliseconds. Far more of them than any text needs, so that a busy machine is not taken for a bad text.
 */
const LIMITS: RenderOptions = { memoryLimit: 100_000, renderLimit: 2000 };

/** What decides and repeats. Tags that read other templates, or write past the escaping, are no part of it. */
const TAGS = ['assign', 'capture', 'case', 'comment', 'for', 'if', 'raw', 'unless', '#'];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it has to stand in HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);

const withBreaks = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');

/** A plain text as HTML. */
export const pageOf = (text: string): string => `<p>${withBreaks(text)}</p>`;

const TEXT = engine();
const HTML = engine((value: unknown) => escapeHtml(asText(value)));
// Whatever a template asks for, what people typed in is escaped exactly once.
HTML.registerFilter('raw', (value: unknown) => value);
for (const name of ['escape', 'escape_once', 'xml_escape']) {
  HTML.registerFilter(name, { raw: true, handler: (value: unknown) => escapeHtml(asText(value)) });
}
HTML.registerFilter('breaks', { raw: true, handler: (value: unknown) => withBreaks(asText(value)) });
TEXT.registerFilter('breaks', (value: unknown) => value);

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** An engine that reaches nothing but the variables it is given: no files, no prototypes. */
function engine(outputEscape?: (value: unknown) => string): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: 100_000,
    templates: {},
    ...(outputEscape === undefined ? {} : { outputEscape }),
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.includes(name)) delete liquid.tags[name];
  return liquid;
}

/** @throws Error saying what is wrong with the source, and where. */
export function compile(source: string, part: Part, limits: RenderOptions = LIMITS): TextTemplate {
  const liquid = part === 'html' ? HTML : TEXT;
  const template = liquid.parse(source);
  return {
    variables: liquid.globalFullVariablesSync(template, { partials: false }),
    render: (variables) => String(liquid.renderSync(template, variables, limits)),
  };
}

/** The templates of a language that come with the broker; they need no limits. */
export function bundledTemplates(language: Language): TextTemplates {
  const partsOf = (purpose: Purpose) =>
    PARTS.map((part) => [part, compile(language.templates[purpose][part], part, {})]);
  return Object.fromEntries(
    PURPOSES.map((purpose) => [purpose, Object.fromEntries(partsOf(purpose)) as TextTemplates[Purpose]]),
  ) as TextTemplates;
}
