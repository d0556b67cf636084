import type { AlarmBrief } from '../alarm-brief.ts';
import type { Language } from './language.ts';
import { MAX_SUBJECT, type MessageText } from './message-text.ts';
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
 * Says what happened, in words. Pure: the same brief always gives the same text. That nothing is real stands in front
 * of all of them, whatever the templates say.
 * @throws Error when a template asks for too much or says nothing.
 */
export function renderText(templates: TextTemplates, brief: AlarmBrief, options: TextOptions): MessageText {
  const template = templates[brief.change?.status ?? 'alert'];
  const { language, timeZone } = options;
  const { simulation, drill } = language.marks;
  const mark = brief.simulated ? simulation : brief.drill === true ? drill : '';
  const variables = textVariables(brief, language, timeZone);

  const oneLine = (of: TextTemplate, filter: NameFilter, limit: number): string => {
    const name: NameFilter = (text) => shortened(filter(text), limit);
    const note: NameFilter = (text) => name(line(text));
    const text = written(of, textVariables(brief, language, timeZone, { name, note }));
    return join(mark, ' ', line(text.replace(/\s+/g, ' ')));
  };
  const body = join(mark, '\n', written(template.body, variables));
  return {
    subject: firstFitting(
      (limit) => oneLine(template.subject, (name) => name, limit),
      (text) => text.length <= MAX_SUBJECT,
    ),
    short: firstFitting(
      (limit) => oneLine(template.short, inGsm, limit),
      (text) => smsLength(text) <= TWO_SMS,
    ),
    body,
    html:
      template.html === undefined
        ? pageOf(body)
        : join(
            mark && `<p><strong>${escapeHtml(mark)}</strong></p>`,
            '\n',
            written(template.html, variables),
          ),
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
