import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSettings, SettingsError, SMS_PRESETS } from '#platform';

import { SMS_PROVIDERS } from '../../../../test/support/emulators/sms-providers.ts';
import { requestFor } from './sms.channel.ts';
import { checked, smsProvider, type SmsProvider } from './sms-provider.ts';
import { PRESETS } from './sms-presets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sms-'));
const file = join(folder, 'connector.yaml');

afterAll(() => rmSync(folder, { recursive: true }));

const provider = (settings: Readonly<Record<string, string>>): SmsProvider => {
  const found = smsProvider(readSettings(settings));
  if (found === undefined) throw new Error('SMS is not set up.');
  return found;
};
const described = (yaml: string, settings: Readonly<Record<string, string>> = {}): SmsProvider => {
  writeFileSync(file, yaml);
  return provider({ SMS_CONNECTOR_FILE: file, ...settings });
};
const complaint = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'none';
};
const VALUES = { to: '+491', text: 'Hello', ref: 'n1' };
const request = ({ connector, values }: SmsProvider) => requestFor(connector, { ...values, ...VALUES });

const CUSTOM = `
url: https://sms.example.org/send/{{account}}
auth: {type: header, name: X-Key}
body: {to: "{{to}}", text: "{{text}}", sender: "{{from?}}", n: 1, deep: {list: ["{{ref}}", true]}}
success: {status: [200], path: result.ok, equals: "true"}
messageIdPath: result.id
`;

describe('the provider of SMS', () => {
  it('is nobody unless somebody says who', () => {
    expect(smsProvider(readSettings({}))).toBeUndefined();
  });

  it.each(SMS_PRESETS)('can be %s, whose description is well formed', (preset) => {
    expect(() => checked(PRESETS[preset], preset)).not.toThrow();
    const { name } = provider({
      SMS_PRESET: preset,
      SENDXMS_BASE_URL: 'https://gateway.example',
      ...SMS_PROVIDERS[preset]!.settings,
    });
    expect(name).toBe(preset);
  });

  it('can be reached elsewhere, with its path', () => {
    const url = (settings: Readonly<Record<string, string>>) => request(provider(settings)).url;
    const twilio = { SMS_PRESET: 'twilio', SMS_ACCOUNT: 'A/C?', SMS_SECRET: 's', SMS_FROM: '+491' };

    expect(url(twilio)).toBe('https://api.twilio.com/2010-04-01/Accounts/A%2FC%3F/Messages.json');
    expect(url({ ...twilio, SMS_BASE_URL: 'http://proxy:81/t/' })).toBe(
      'http://proxy:81/t/2010-04-01/Accounts/A%2FC%3F/Messages.json',
    );
  });

  it('can be a sendXMS gateway, by the settings of old or of now', () => {
    const old = { SENDXMS_BASE_URL: 'http://gateway:8/x/', SENDXMS_API_KEY: 'k', SENDXMS_MODE: 'form' };
    const first = request(provider({ SENDXMS_ENABLED: 'true', ...old }));

    expect(first).toMatchObject({
      url: 'http://gateway:8/x/send',
      headers: { authorization: 'Bearer k', 'idempotency-key': 'n1' },
      body: 'to=%2B491&message=Hello&from=ALARM',
    });
    expect(request(provider({ SMS_PRESET: 'sendxms', ...old }))).toEqual(first);
    const now = {
      SMS_BASE_URL: 'http://other/y',
      SMS_SECRET: 'n',
      SMS_FROM: 'Hall',
      SENDXMS_SEND_PATH: '/go',
    };
    expect(request(provider({ SMS_PRESET: 'sendxms', ...now }))).toMatchObject({
      url: 'http://other/y/go',
      headers: { authorization: 'Bearer n' },
      body: '{"to":"+491","message":"Hello","from":"Hall"}',
    });
    expect(request(provider({ SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: 'http://g' })).headers).toEqual({
      'content-type': 'application/json',
      'idempotency-key': 'n1',
    });
  });
});

describe('a connector file', () => {
  it('describes a provider nobody knows', () => {
    const custom = described(CUSTOM, { SMS_ACCOUNT: 'a b', SMS_SECRET: 'key' });

    expect(custom.name).toBe('custom');
    expect(request(custom)).toEqual({
      method: 'POST',
      url: 'https://sms.example.org/send/a%20b',
      headers: { 'content-type': 'application/json', 'X-Key': 'key' },
      body: '{"to":"+491","text":"Hello","n":1,"deep":{"list":["n1",true]}}',
    });
    expect(custom.connector.messageIdPath).toEqual(['result.id']);
  });

  it('describes one that is asked with GET and a password in the address', () => {
    const yaml = `
url: https://sms.example.org/gw?msgtype=text
method: GET
bodyFormat: query
auth: {type: query, name: pw}
body: {receiver: "{{to}}", msg: "{{text}}", tag: [a, b]}
numberFormat: "00"
success: {status: [200]}
`;
    expect(request(described(yaml, { SMS_SECRET: 'p&w' }))).toMatchObject({
      method: 'GET',
      url: 'https://sms.example.org/gw?msgtype=text&receiver=%2B491&msg=Hello&tag=a&tag=b&pw=p%26w',
      body: '',
    });
  });

  it('changes a preset, and takes away what it sets to nothing', () => {
    const yaml = `
extends: twilio
body: {To: "{{to}}", MessagingServiceSid: "{{from}}", Body: "{{text}}"}
maxSegments: 3
deliveryReport: null
`;
    const settings = { SMS_ACCOUNT: 'AC1', SMS_SECRET: 's', SMS_FROM: 'MG1' };
    const changed = described(yaml, settings);

    expect(changed.name).toBe('twilio');
    expect(changed.connector).toMatchObject({ maxSegments: 3, bodyFormat: 'form', success: { path: 'sid' } });
    expect(changed.connector.deliveryReport).toBeUndefined();
    expect(request(changed).body).toBe('To=%2B491&MessagingServiceSid=MG1&Body=Hello');
    expect(described(yaml, { SMS_PRESET: 'twilio', ...settings }).name).toBe('twilio');
  });

  it.each([
    ['{', /is not YAML/],
    ['- a', /describes nothing/],
    ['', /describes nothing/],
    ['extends: nobody', /\/extends.*must be one of sendxms, twilio/],
    [
      CUSTOM.replace('https://sms.example.org', 'sms.example.org'),
      /\/url: must be an absolute http or https URL/,
    ],
    [CUSTOM.replace('type: header', 'type: magic'), /\/auth\/type: must be one of.*none, bearer/],
    [CUSTOM.replace('name: X-Key', 'nme: X-Key'), /\/auth\/nme.*should not exist/],
    [CUSTOM.replace(', name: X-Key', ''), /\/auth\/name: is needed/],
    [CUSTOM.replace('status: [200]', 'status: []'), /\/success\/status: must name at least one/],
    [CUSTOM.replace('status: [200]', 'status: [ok]'), /\/success\/status: must be HTTP status codes/],
    [CUSTOM.replace('"true"}', 'true}'), /\/success\/equals: must be a text; write it in quotes/],
    [CUSTOM.replace('{{text}}', '{{txt}}'), /\/body\/text: knows no \{\{txt\}\}; there are to, text/],
    [CUSTOM.replace('{{ref}}', '{{ constructor }}'), /\/body\/deep\/list\/0: knows no \{\{constructor\}\}/],
    [`${CUSTOM}bodyFormat: form`, /\/body\/deep: must be a text/],
    [`${CUSTOM}method: GET`, /\/bodyFormat: must be query/],
    [`${CUSTOM}headers: {A: 1}`, /\/headers\/A: must be a text/],
    [`${CUSTOM}codes: {"1": maybe}`, /\/codes\/1: must be one of accepted/],
    [`${CUSTOM}timeoutMs: 1`, /\/timeoutMs: must be a whole number from 500/],
    [`${CUSTOM}retry: [1]`, /\/retry: .*should not exist/],
    [
      `${CUSTOM}deliveryReport: {idPath: id, statusPath: s, map: {A: arrived}}`,
      /\/deliveryReport\/map\/A: must be/,
    ],
    [
      `${CUSTOM}deliveryReport: {idPath: id, statusPath: s, map: {}, signature: rot13}`,
      /signature: must be one of/,
    ],
    [CUSTOM.replace(/^body:.*$/m, ''), /\/body: must be an object/],
  ])('that is wrong stops the start and says where: %#', (yaml, words) => {
    const said = complaint(() => described(yaml, { SMS_ACCOUNT: 'a', SMS_SECRET: 'k' }));

    expect(said).toContain(file);
    expect(said).toMatch(words);
    expect(said).not.toContain('\n');
  });

  it('that is not there stops the start', () => {
    const missing = join(folder, 'missing.yaml');

    expect(complaint(() => provider({ SMS_CONNECTOR_FILE: missing }))).toBe(
      `The SMS connector file ${missing} cannot be read (ENOENT).`,
    );
  });

  it('must not be about another provider than the settings', () => {
    expect(complaint(() => described('extends: seven', { SMS_PRESET: 'lox24' }))).toMatch(
      /extends seven, but SMS_PRESET is lox24/,
    );
  });

  it('needs the settings it refers to', () => {
    expect(complaint(() => described(CUSTOM, { SMS_SECRET: 'k' }))).toMatch(/^SMS_ACCOUNT must be set/);
    expect(complaint(() => described(CUSTOM, { SMS_ACCOUNT: 'a' }))).toMatch(/^SMS_SECRET must be set/);
  });
});

describe('settings that contradict each other', () => {
  it.each([
    [{ SMS_PRESET: 'twilio' }, /SMS_ACCOUNT must be set because SMS_PRESET is twilio; SMS_SECRET must/],
    [{ SMS_PRESET: 'seven' }, /SMS_SECRET must be set because SMS_PRESET is seven/],
    [{ SMS_PRESET: 'sendxms' }, /SENDXMS_BASE_URL must be set because SMS_PRESET is sendxms/],
    [{ SMS_PRESET: 'pigeon' }, /SMS_PRESET must be one of sendxms, twilio/],
    [{ SMS_PRESET: 'constructor' }, /SMS_PRESET must be one of sendxms, twilio/],
    [
      { SMS_PRESET: 'seven', SMS_SECRET: 'k', SENDXMS_ENABLED: 'true', SENDXMS_BASE_URL: 'http://g' },
      /SENDXMS_ENABLED must not be true because SMS_PRESET is seven/,
    ],
  ])('stop the start: %j', (settings, words) => {
    expect(complaint(() => readSettings(settings))).toMatch(words);
  });

  it.each(SMS_PRESETS)('and everything %s refers to is asked for', (preset) => {
    const settings = { SMS_PRESET: preset, SENDXMS_BASE_URL: 'http://g', ...SMS_PROVIDERS[preset]!.settings };
    for (const name of Object.keys(SMS_PROVIDERS[preset]!.settings)) {
      if (preset === 'sendxms') continue;
      expect(complaint(() => readSettings({ ...settings, [name]: '' }))).toContain(`${name} must be set`);
    }
    expect(complaint(() => smsProvider(readSettings(settings)))).toBe('none');
  });
});
