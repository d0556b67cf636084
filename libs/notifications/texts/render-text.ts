import type { AlarmBrief } from '../alarm-brief.ts';
import type { Language } from './language.ts';
import { MAX_SUBJECT, type MessageText, type Part } from './message-text.ts';
import { shortened, smsLength, TWO_SMS } from './sms-length.ts';
import { escapeHtml, pageOf, type TextTemplate, type TextTemplates } from './text-template.ts';
import { line, textVariables, type NameFilter } from './text-variables.ts';

export interface TextOptions {
  readonly language: Language;
  /** Of briefs that name none. */
  readonly timeZone: string;
}

/** How long names may be, in letters of an SMS: the first that makes the whole fit is taken. */
const NAME_LIMITS = [Infinity, 80, 60, 45, 35, 28, 22, 17, 13, 10, 7, 5];

/**
 * Says what happened, in words: one part of a message. Pure: the same brief always gives the same text. That nothing is
 * real stands in front of all of them, whatever the templates say.
 * @throws Error when a template asks for too much or says nothing.
 */
export function renderPart(
  part: Part,
  templates: TextTemplates,
  brief: AlarmBrief,
  { language, timeZone }: TextOptions,
): string {
  const template = templates[brief.change?.status ?? 'alert'];
  const { simulation, drill } = language.marks;
  const mark = brief.simulated ? simulation : brief.drill === true ? drill : '';
  const oneLine = (of: TextTemplate, filter: NameFilter, limit: number): string => {
    const name: NameFilter = (text) => shortened(filter(text), limit);
    const note: NameFilter = (text) => name(line(text));
    const text = written(of, textVariables(brief, language, timeZone, { name, note }));
    return join(mark, ' ', line(text.replace(/\s+/g, ' ')));
  };
  const long = (of: TextTemplate): string => written(of, textVariables(brief, language, timeZone));
  switch (part) {
    case 'subject':
      return firstFitting(
        (limit) => oneLine(template.subject, (name) => name, limit),
        (text) => text.length <= MAX_SUBJECT,
      );
    case 'short':
      return firstFitting(
        (limit) => oneLine(template.short, inGsm, limit),
        (text) => smsLength(text) <= TWO_SMS,
      );
    case 'body':
      return join(mark, '\n', long(template.body));
    case 'html':
      if (template.html === undefined) return pageOf(join(mark, '\n', long(template.body)));
      return join(mark && `<p><strong>${escapeHtml(mark)}</strong></p>`, '\n', long(template.html));
  }
}

/** The whole message. @throws Error as {@link renderPart} does. */
export const renderText = (
  templates: TextTemplates,
  brief: AlarmBrief,
  options: TextOptions,
): MessageText => {
  const { subject, short, body, html } = lazyText((part) => renderPart(part, templates, brief, options));
  return { subject, short, body, html };
};

/** The whole message, each part made once it is asked for, and only then: few channels want all of them. */
export function lazyText(render: (part: Part) => string): MessageText {
  const made = new Map<Part, string>();
  const part = (name: Part): string => {
    const text = made.get(name) ?? render(name);
    made.set(name, text);
    return text;
  };
  return {
    get subject() {
      return part('subject');
    },
    get short() {
      return part('short');
    },
    get body() {
      return part('body');
    },
    get html() {
      return part('html');
    },
  };
}

/** The backtick is the one printable ASCII character that the GSM alphabet lacks. */
const inGsm: NameFilter = (name) => name.replaceAll('`', "'");

function firstFitting(write: (limit: number) => string, fits: (text: string) => boolean): string {
  let text = '';
  for (const limit of NAME_LIMITS) {
    text = write(limit);
    if (fits(text)) break;
  }
  return text;
}

function written(template: TextTemplate, variables: Readonly<Record<string, unknown>>): string {
  const text = template.render(variables).trim();
  if (text === '') throw new Error('is empty for some alarms');
  return text;
}

const join = (mark: string, between: string, text: string): string =>
  mark === '' ? text : `${mark}${between}${text}`;
