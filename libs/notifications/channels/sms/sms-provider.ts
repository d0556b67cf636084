import { readFileSync } from 'node:fs';

import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parse } from 'yaml';

import { invalidRequest, SettingsError, SMS_PRESETS, type Settings, type SmsPreset } from '#platform';

import { CODE_MEANINGS, SmsConnector } from './sms-connector.ts';
import { PRESETS } from './sms-presets.ts';
import { PLACEHOLDERS, referencesIn, type Node, type Values } from './sms-template.ts';

/** The provider in use: what it is like, and who we are to it. */
export interface SmsProvider {
  /** The preset, or `custom`: the last part of the address of its reports. */
  readonly name: string;
  readonly connector: SmsConnector;
  readonly values: Values;
  /** Proves that a report is its own. Without it none is believed. */
  readonly callbackSecret: string | undefined;
}

const CALLBACKS = '/v1/callbacks/sms/';

/**
 * The provider as the settings describe it; nothing where SMS are not set up.
 * @throws SettingsError in one sentence that names the setting, or the file and the field, that is wrong.
 */
export function smsProvider(settings: Settings): SmsProvider | undefined {
  const preset = settings.SMS_PRESET ?? (settings.SENDXMS_ENABLED ? 'sendxms' : undefined);
  const file = settings.SMS_CONNECTOR_FILE;
  if (preset === undefined && file === undefined) return undefined;
  const { base = preset, changes } = file === undefined ? { changes: {} } : readFile(file, preset);
  const place = file === undefined ? `The preset ${base ?? ''}` : `The SMS connector file ${file}`;
  const connector = checked({ ...(base === undefined ? {} : described(base, settings)), ...changes }, place);
  if (settings.SMS_BASE_URL !== undefined) {
    connector.url = connector.url.replace(/^https?:\/\/[^/]+/, withoutSlash(settings.SMS_BASE_URL));
  }
  const name = base ?? 'custom';
  const values = valuesFor(name, connector, settings);
  requireSettings(connector, values, place);
  return { name, connector, values, callbackSecret: settings.SMS_CALLBACK_SECRET };
}

function described(preset: SmsPreset, settings: Settings): object {
  if (preset !== 'sendxms') return PRESETS[preset];
  // With SMS_BASE_URL, only the path of this one counts.
  const base = settings.SMS_BASE_URL === undefined ? settings.SENDXMS_BASE_URL : 'http://sendxms.invalid';
  const url = `${withoutSlash(base ?? '')}${settings.SENDXMS_SEND_PATH}`;
  return { ...PRESETS.sendxms, url, bodyFormat: settings.SENDXMS_MODE };
}

function valuesFor(name: string, { deliveryReport }: SmsConnector, settings: Settings): Values {
  const old = name === 'sendxms';
  const secret = settings.SMS_SECRET ?? (old ? settings.SENDXMS_API_KEY : undefined);
  const from = settings.SMS_FROM ?? (old ? settings.SENDXMS_FROM : undefined);
  const key = settings.SMS_CALLBACK_SECRET;
  const wantsReports = deliveryReport !== undefined && key !== undefined && isReachable(settings.BASE_URL);
  const query = deliveryReport?.signature === 'key' ? `?key=${encodeURIComponent(key ?? '')}` : '';
  return {
    ...(settings.SMS_ACCOUNT === undefined ? {} : { account: settings.SMS_ACCOUNT }),
    ...(secret === undefined ? {} : { secret }),
    ...(from === undefined ? {} : { from }),
    ...(wantsReports ? { callback: `${withoutSlash(settings.BASE_URL)}${CALLBACKS}${name}${query}` } : {}),
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Some providers refuse a message because of the name of a host they could never reach. */
const isReachable = (url: string): boolean => {
  const { hostname } = new URL(url);
  return (
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(hostname) &&
    !/^(127|0)\.|\.(local|internal|localhost)$/i.test(hostname)
  );
};

function readFile(
  file: string,
  preset: SmsPreset | undefined,
): { base?: SmsPreset | undefined; changes: object } {
  const wrong = (what: string) => new SettingsError(`The SMS connector file ${file} ${what}.`);
  const content = parsed(textOf(file, wrong), wrong);
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw wrong('describes nothing');
  const { extends: base = preset, ...changes } = content as { extends?: unknown };
  if (base === undefined) return { changes };
  if (!isPreset(base)) throw wrong(`is wrong at /extends: must be one of ${SMS_PRESETS.join(', ')}`);
  if (preset !== undefined && base !== preset) throw wrong(`extends ${base}, but SMS_PRESET is ${preset}`);
  return { base, changes };
}

function textOf(file: string, wrong: (what: string) => Error): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw wrong(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function parsed(text: string, wrong: (what: string) => Error): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw wrong(`is not YAML: ${(error as Error).message.split('\n')[0]?.replace(/:$/, '')}`);
  }
}

const isPreset = (name: unknown): name is SmsPreset => SMS_PRESETS.some((preset) => preset === name);

/** A single one may stand without brackets. */
const LISTS = new Set(['messageIdPath', 'errorPath']);

/** @throws SettingsError */
export function checked(description: object, place: string): SmsConnector {
  // Nothing (null) in a file takes away what the preset says.
  const said = Object.entries(description).filter(([, value]) => value !== null);
  const listed = Object.fromEntries(
    said.map(([key, value]: [string, unknown]) => [
      key,
      LISTS.has(key) && !Array.isArray(value) ? [value] : value,
    ]),
  );
  const connector = plainToInstance(SmsConnector, listed);
  const { violations = [] } = invalidRequest(
    validateSync(connector, { whitelist: true, forbidNonWhitelisted: true }),
  ).options;
  const [problem] = violations.length > 0 ? violations : deeper(connector);
  if (problem !== undefined)
    throw new SettingsError(`${place} is wrong at ${problem.pointer}: ${problem.detail}.`);
  return connector;
}

/** What decorators cannot say. */
function deeper(connector: SmsConnector): { pointer: string; detail: string }[] {
  const { auth, bodyFormat, body, headers, codes, deliveryReport, method } = connector;
  const wrongWord = (where: string, entries: object, words: readonly string[]) =>
    Object.entries(entries)
      .filter(([, word]) => !words.includes(String(word)))
      .map(([key]) => ({ pointer: `${where}/${key}`, detail: `must be one of ${words.join(', ')}` }));
  const nested = bodyFormat === 'json' ? [] : Object.entries(body).filter(([, value]) => !isFlat(value));
  return [
    ...(['header', 'query'].includes(auth.type) && auth.name === undefined
      ? [{ pointer: '/auth/name', detail: `is needed for auth of type ${auth.type}` }]
      : []),
    ...(method === 'GET' && bodyFormat !== 'query'
      ? [{ pointer: '/bodyFormat', detail: 'must be query where the method is GET' }]
      : []),
    ...nested.map(([key]) => ({
      pointer: `/body/${key}`,
      detail: 'must be a text, a number or a list of them',
    })),
    ...Object.entries(headers)
      .filter(([, value]) => typeof value !== 'string')
      .map(([key]) => ({ pointer: `/headers/${key}`, detail: 'must be a text' })),
    ...wrongWord('/codes', codes, CODE_MEANINGS),
    ...wrongWord('/deliveryReport/map', deliveryReport?.map ?? {}, ['delivered', 'failed']),
    ...templates(connector).flatMap(({ pointer, template }) =>
      referencesIn(template)
        .filter(({ name }) => !PLACEHOLDERS.some((known) => known === name))
        .map(({ name }) => ({
          pointer,
          detail: `knows no {{${name}}}; there are ${PLACEHOLDERS.join(', ')}`,
        })),
    ),
  ];
}

const isFlat = (value: Node): boolean =>
  Array.isArray(value) ? value.every(isFlat) : typeof value !== 'object' && value !== null;

/** Every text that may refer to something, and where it stands. */
function templates({ url, auth, headers, body }: SmsConnector): { pointer: string; template: string }[] {
  const isBasic = auth.type === 'basic';
  return [
    ...leaves(url, '/url'),
    ...(auth.type === 'none' ? [] : leaves(auth.secret, '/auth/secret')),
    ...(isBasic ? leaves(auth.username, '/auth/username') : []),
    ...leaves(headers, '/headers'),
    ...leaves(body, '/body'),
  ];
}

function leaves(node: Node, pointer: string): { pointer: string; template: string }[] {
  if (typeof node === 'string') return [{ pointer, template: node }];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, item]: [string, Node]) => leaves(item, `${pointer}/${key}`));
}

const SETTING_OF = { account: 'SMS_ACCOUNT', secret: 'SMS_SECRET', from: 'SMS_FROM' } as const;

function requireSettings(connector: SmsConnector, values: Values, place: string): void {
  for (const { template } of templates(connector)) {
    for (const { name, isOptional } of referencesIn(template)) {
      if (isOptional || !(name in SETTING_OF) || name in values) continue;
      const setting = SETTING_OF[name as keyof typeof SETTING_OF];
      throw new SettingsError(`${setting} must be set: ${place.replace(/^T/, 't')} uses it.`);
    }
  }
}
