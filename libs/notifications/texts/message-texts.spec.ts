import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import { configurationFrom } from '#platform';

import type { AlarmBrief } from '../alarm-brief.ts';
import { CHANNEL_KINDS } from '../channels/notification-channel.ts';
import { MessageTexts } from './message-texts.ts';
import { SAMPLE_ALERT, sampleBrief } from './sample-briefs.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'texts-'));
  file = join(folder, 'texts.yaml');
});

afterEach(() => rmSync(folder, { recursive: true }));

const start = (settings: Record<string, string> = {}) =>
  new MessageTexts(configurationFrom(settings).settings);
const startWith = (yaml: string, settings: Record<string, string> = {}) => {
  writeFileSync(file, yaml);
  return start({ TEMPLATES_FILE: file, ...settings });
};
const bundled = (code = 'en') => start({ DEFAULT_LANGUAGE: code });

describe('texts of an installation', () => {
  it('are the bundled ones, in its language', () => {
    expect(start().of('sms', SAMPLE_ALERT).short).toMatch(/^SILENT ALARM P0 Counter 1, floor 2/);
    expect(bundled('de').of('sms', SAMPLE_ALERT).short).toMatch(/^STILLER ALARM P0 Counter 1, Etage 2/);
  });

  it.each(['', '# nothing yet\n', 'de:\n', 'de: { sms: { alert: {} } }', 'en: {}'])(
    'are the bundled ones where the file says nothing: %p',
    (yaml) => {
      for (const channel of CHANNEL_KINDS)
        expect(startWith(yaml).of(channel, SAMPLE_ALERT)).toEqual(bundled().of(channel, SAMPLE_ALERT));
    },
  );

  const FILE = `
    en:
      default:
        alert: { subject: 'Help {{ place }}', html: '<b>{{ room }}</b>' }
        resolved: { subject: 'All clear in {{ place }}' }
      sms:
        alert: { short: '{% if silent %}Quiet!{% endif %} {{ room }} {{ link }}' }
    de:
      sms:
        alert: { short: 'Hilfe: {{ place }} {{ link }}' }`;

  it('come from the channel, else from the default of the file, else from the broker', () => {
    const texts = startWith(FILE);
    const own = bundled().of('sms', SAMPLE_ALERT);

    expect(texts.of('sms', SAMPLE_ALERT)).toEqual({
      subject: 'Help Counter 1, floor 2, Town hall',
      short: 'Quiet! Counter 1 https://alarms.example/a/token',
      body: own.body,
      html: '<b>Counter 1</b>',
    });
    expect(texts.of('email', SAMPLE_ALERT).short).toBe(own.short);
    expect(texts.of('email', sampleBrief('resolved')).subject).toBe(
      'All clear in Counter 1, floor 2, Town hall',
    );
    expect(texts.of('email', sampleBrief('cancelled'))).toEqual(
      bundled().of('email', sampleBrief('cancelled')),
    );
    expect(startWith(FILE, { DEFAULT_LANGUAGE: 'de' }).of('sms', SAMPLE_ALERT)).toEqual({
      ...bundled('de').of('sms', SAMPLE_ALERT),
      short: 'Hilfe: Counter 1, Etage 2, Town hall https://alarms.example/a/token',
    });
  });

  it('make a page of a body that came without one, so that both say the same', () => {
    const texts = startWith(`
      en:
        default: { alert: { html: '<i>{{ room }}</i>' } }
        email: { alert: { body: "Go to\\n{{ room }}" } }`);

    expect(texts.of('email', { ...SAMPLE_ALERT, room: '<7>', drill: true }).html).toBe(
      '<p>DRILL - exercise, not a real alarm.<br>Go to<br>&lt;7&gt;</p>',
    );
    expect(texts.of('ntfy', SAMPLE_ALERT).html).toBe('<i>Counter 1</i>');
  });

  it.each([
    [{ simulated: true }, 'SIMULATION - not a real alarm.'],
    [{ drill: true }, 'DRILL - exercise, not a real alarm.'],
  ])('are marked whatever the templates say: %j', (not, mark) => {
    const part = '{% if simulated or drill %}REAL ALARM{% else %}x{% endif %}';
    const parts = JSON.stringify({ subject: part, short: part, body: part, html: part });
    const texts = startWith(`en: { default: { alert: ${parts} } }`);

    for (const channel of CHANNEL_KINDS)
      expect(texts.of(channel, { ...SAMPLE_ALERT, ...not })).toEqual({
        subject: `${mark} REAL ALARM`,
        short: `${mark} REAL ALARM`,
        body: `${mark}\nREAL ALARM`,
        html: `<p><strong>${mark}</strong></p>\nREAL ALARM`,
      });
  });

  it('hold names in check in templates of others, too', () => {
    const html =
      'Room: {{ room | raw }}{{ room | escape }}{{ room | escape | upcase | raw }}{% assign x = room %}{{ x }}{{ room | breaks }}';
    const texts = startWith(
      `en: { default: { alert: { html: '${html}', subject: "In {{ room }}\\n{{ site }}" } } }`,
    );
    const { html: page, subject } = texts.of('email', { ...SAMPLE_ALERT, room: '<img src=x>\nBcc: x' });

    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x&gt; Bcc: x');
    expect(subject).toBe('In <img src=x> Bcc: x Town hall');
  });

  it('fall back to the bundled one when a template fails after all', () => {
    const loops =
      "{% for i in (1..300) %}{% if person == 'Zoe' %}{% for j in (1..900000) %}.{% endfor %}{% endif %}{% endfor %}x";
    const empty = "{% if person == 'Zoe' %}{% else %}x{% endif %}";
    const texts = startWith(
      `en: { sms: { alert: { body: "${loops}" } }, email: { alert: { short: "${empty}" } } }`,
    );
    const zoe: AlarmBrief = { ...SAMPLE_ALERT, person: 'Zoe' };
    const errors: unknown[] = [];
    Logger.overrideLogger({ log: () => {}, warn: () => {}, error: (facts: unknown) => errors.push(facts) });

    for (const channel of ['sms', 'email'] as const) {
      expect(texts.of(channel, SAMPLE_ALERT)).not.toEqual(bundled().of(channel, SAMPLE_ALERT));
      expect(texts.of(channel, zoe)).toEqual(bundled().of(channel, zoe));
    }
    const facts = { purpose: 'alert', alarmId: zoe.alarmId };
    expect(errors).toEqual([
      { err: expect.objectContaining({ name: 'RenderError' }), channel: 'sms', ...facts },
      { err: new Error('is empty for some alarms'), channel: 'email', ...facts },
    ]);
  });
});

describe('a file of texts that cannot be used stops the start and says why:', () => {
  const refusal = (settings: Record<string, string>): string => {
    try {
      start({ TEMPLATES_FILE: file, ...settings });
    } catch (error) {
      if (error instanceof Error && error.name === 'SettingsError')
        return error.message.replaceAll(file, 'FILE');
      throw error;
    }
    return 'it started';
  };
  const inSms = (part: string, text: string, purpose = 'alert') =>
    JSON.stringify({ de: { sms: { [purpose]: { [part]: text } } } });

  it.each([
    ['no YAML', 'de:\n  sms: { alert: [', 'it is not valid YAML, line 2 (BAD_INDENT)'],
    ['a key twice', 'de: {}\nde: {}', 'it is not valid YAML, line 2 (DUPLICATE_KEY)'],
    [
      'an alias of nothing',
      'de: *x',
      'it is not valid YAML: an alias stands for nothing, or too many are used',
    ],
    ['a list', '- de', 'it must be a mapping of languages'],
    ['a text', 'de', 'it must be a mapping of languages'],
    ['an unknown language', 'fr: {}', 'fr: must be one of en, de'],
    [
      'an unknown channel',
      'de: { fax: {} }',
      'de.fax: must be one of default, zammad, sms, signal, email, webhook, ntfy',
    ],
    [
      'an unknown purpose',
      'de: { sms: { triggered: {} } }',
      'de.sms.triggered: must be one of alert, acknowledged, resolved, cancelled',
    ],
    [
      'an unknown part',
      'de: { sms: { alert: { text: x } } }',
      'de.sms.alert.text: must be one of subject, short, body, html',
    ],
    ['a name of all objects', 'de: { __proto__: {} }', 'de.__proto__: must be one of default, '],
    ['a text for a mapping', 'de: { sms: x }', 'de.sms: must be a mapping'],
    ['a list for a mapping', 'de: { sms: [] }', 'de.sms: must be a mapping'],
    ['a number for a text', 'de: { sms: { alert: { short: 7 } } }', 'de.sms.alert.short: must be a text'],
    ['nothing for a text', 'de: { sms: { alert: { short: } } }', 'de.sms.alert.short: must be a text'],
    ['an empty text', inSms('body', ' '), 'de.sms.alert.body: is empty for some alarms'],
    [
      'a text that is empty for some alarms',
      inSms('body', '{% if person %}x{% endif %}'),
      'de.sms.alert.body: is empty for some alarms',
    ],
    [
      'an output without end',
      inSms('short', '{{ place'),
      'de.sms.alert.short: output "{{ place" not closed, line:1, col:1',
    ],
    [
      'a block without end',
      inSms('short', '{% if silent %}x'),
      'de.sms.alert.short: tag {% if silent %} not closed',
    ],
    [
      'an unknown tag',
      inSms('short', '{% include "/etc/passwd" %}'),
      'de.sms.alert.short: tag "include" not found, line:1, col:1',
    ],
    ['an unknown filter', inSms('short', '{{ place | big }}'), 'de.sms.alert.short: undefined filter: big'],
    [
      'an unknown variable, wherever it is',
      inSms('short', 'x{% if severity == "P7" %}{{ change.bye }}{% endif %}', 'resolved'),
      'de.sms.resolved.short: there is no variable "change.bye" here',
    ],
    [
      'the link of an answered alarm',
      inSms('body', '{{ link }}', 'resolved'),
      'de.sms.resolved.body: there is no variable "link" here',
    ],
    ['a change in an alert', inSms('body', '{{ change.by }}'), 'there is no variable "change.by" here'],
    [
      'what is too long for two SMS',
      inSms('short', `${'x'.repeat(250)} {{ link }}`),
      /^de\.sms\.alert\.short: does not fit into two SMS \(3\d\d letters of 305\)$/,
    ],
    [
      'too long a title',
      inSms('subject', 'x'.repeat(230)),
      'de.sms.alert.subject: is longer than 240 characters',
    ],
    [
      'a page without end',
      inSms('html', 'x'.repeat(60_000)),
      'de.sms.alert.html: is longer than 50000 characters',
    ],
    [
      'a loop without end',
      inSms('body', '{% for i in (1..999999999) %}x{% endfor %}'),
      'de.sms.alert.body: memory alloc limit exceeded, line:1, col:1',
    ],
    [
      'several mistakes',
      'fr: {}\nen: { sms: { alert: { body: "{{ x }}" } } }',
      'fr: must be one of en, de; en.sms.alert.body: there is no variable "x" here',
    ],
  ])('%s', (_what, yaml, reason) => {
    writeFileSync(file, yaml);
    const words = refusal({});

    expect(words).toMatch(/^Bad settings: TEMPLATES_FILE FILE cannot be used: [^\n]*\.$/);
    expect(words.slice('Bad settings: TEMPLATES_FILE FILE cannot be used: '.length, -1)).toMatch(reason);
  });

  it('names the first ten of many mistakes', () => {
    writeFileSync(file, Array.from({ length: 13 }, (_, i) => `x${i}: {}`).join('\n'));

    expect(refusal({})).toMatch(/x9: must be one of en, de; and 3 more\.$/);
  });

  it('a file that is not there, is a folder, or is huge', () => {
    expect(refusal({})).toBe('Bad settings: TEMPLATES_FILE FILE cannot be read (ENOENT).');
    expect(refusal({ TEMPLATES_FILE: folder })).toContain('cannot be read (EISDIR).');
    writeFileSync(file, `# ${'x'.repeat(300_000)}\nde: {}`);
    expect(refusal({})).toBe('Bad settings: TEMPLATES_FILE FILE is larger than 256 KiB.');
  });

  it('too many aliases', () => {
    const ninefold = (item: string) => `[${Array(9).fill(item).join(', ')}]`;
    const lists = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} ${ninefold(i ? `*a${i - 1}` : 'x')}`);
    writeFileSync(file, lists.join('\n'));

    expect(refusal({})).toContain('an alias stands for nothing, or too many are used');
  });
});
