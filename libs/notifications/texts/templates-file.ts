import { readFileSync, statSync } from 'node:fs';

import { parseDocument } from 'yaml';

import { SettingsError } from '#platform';

import { PURPOSES, type Purpose } from '../alarm-brief.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../channels/notification-channel.ts';
import { LANGUAGE_CODES, type LanguageCode } from './languages.ts';
import { PARTS, type Part } from './message-text.ts';
import { problemOf } from './template-trial.ts';

/** Which messages: those of a channel, or all that their channel has no text of its own for. */
const SCOPES = ['default', ...CHANNEL_KINDS] as const;
type Scope = (typeof SCOPES)[number];

/** Sources of some parts, by purpose. */
export type PurposeSources = Partial<Record<Purpose, Partial<Record<Part, string>>>>;
/** What an operator wants to have said differently. */
export type TemplateSources = Partial<Record<LanguageCode, Partial<Record<Scope, PurposeSources>>>>;

const MAX_BYTES = 256 * 1024;
const MAX_PROBLEMS = 10;

/**
 * Reads the file and tries out every text in it.
 * @param baseUrl what links begin with.
 * @throws SettingsError naming the file, the places in it and what is wrong there.
 */
export function readTemplatesFile(file: string, baseUrl: string): TemplateSources {
  const problems: string[] = [];
  const data = parse(contentOf(file), problems);
  const sources = problems.length === 0 ? languages(data, baseUrl, problems) : {};
  if (problems.length === 0) return sources;
  const more = problems.length > MAX_PROBLEMS ? `; and ${problems.length - MAX_PROBLEMS} more` : '';
  throw new SettingsError(
    `Bad settings: TEMPLATES_FILE ${file} cannot be used: ${problems.slice(0, MAX_PROBLEMS).join('; ')}${more}.`,
  );
}

/** The sources for a channel, from the nearest to the farthest. */
export const layersFor = (
  sources: TemplateSources,
  language: LanguageCode,
  channel: ChannelKind,
): PurposeSources[] => [sources[language]?.[channel] ?? {}, sources[language]?.default ?? {}];

function contentOf(file: string): string {
  const unusable = (why: string) => new SettingsError(`Bad settings: TEMPLATES_FILE ${file} ${why}.`);
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw unusable(`is larger than ${MAX_BYTES / 1024} KiB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw unusable(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

function parse(text: string, problems: string[]): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    problems.push(`it is not valid YAML${line === undefined ? '' : `, line ${line}`} (${error.code})`);
    return undefined;
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    problems.push('it is not valid YAML: an alias stands for nothing, or too many are used');
    return undefined;
  }
}

function languages(data: unknown, baseUrl: string, problems: string[]): TemplateSources {
  return mapped(data, '', LANGUAGE_CODES, problems, (scopes, code, path) =>
    mapped(scopes, path, SCOPES, problems, (purposes, _scope, scopePath) =>
      mapped(purposes, scopePath, PURPOSES, problems, (parts, purpose, purposePath) =>
        mapped(parts, purposePath, PARTS, problems, (source, part, partPath) => {
          const problem =
            typeof source === 'string'
              ? problemOf(source, { language: code, purpose, part, baseUrl })
              : 'must be a text';
          if (problem !== undefined) problems.push(`${partPath}: ${problem}`);
          return typeof source === 'string' ? source : '';
        }),
      ),
    ),
  );
}

/** A mapping with these keys and no others. One without a value has nothing below it. */
function mapped<Key extends string, Value>(
  data: unknown,
  path: string,
  keys: readonly Key[],
  problems: string[],
  read: (value: unknown, key: Key, path: string) => Value,
): Partial<Record<Key, Value>> {
  if (data === null || data === undefined) return {};
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (typeof data !== 'object' || Array.isArray(data)) {
    problems.push(path === '' ? 'it must be a mapping of languages' : `${path}: must be a mapping`);
    return {};
  }
  const values: Partial<Record<Key, Value>> = {};
  for (const [name, value] of Object.entries(data)) {
    const key = keys.find((known) => known === name);
    if (key === undefined) problems.push(`${below(name)}: must be one of ${keys.join(', ')}`);
    else values[key] = read(value, key, below(name));
  }
  return values;
}
