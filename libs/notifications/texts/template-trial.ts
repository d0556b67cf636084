import type { AlarmBrief, Purpose } from '../alarm-brief.ts';
import { LANGUAGES, type LanguageCode } from './languages.ts';
import { MAX_SUBJECT, type MessageText, type Part } from './message-text.ts';
import { renderText, type TextOptions } from './render-text.ts';
import { samplesOf } from './sample-briefs.ts';
import { smsLength, TWO_SMS } from './sms-length.ts';
import { bundledTemplates, compile, type TextTemplate } from './text-template.ts';
import { textVariables } from './text-variables.ts';

/** Where a text is to stand. */
export interface TemplatePlace {
  readonly language: LanguageCode;
  readonly purpose: Purpose;
  readonly part: Part;
  /** What links begin with. */
  readonly baseUrl: string;
}

const MAX_SCREEN = 50_000;

/**
 * Compiles a text and fills it in for alarms of all sorts.
 * @returns what is wrong with it; nothing when it can be used.
 */
export function problemOf(source: string, place: TemplatePlace): string | undefined {
  const options: TextOptions = { language: LANGUAGES[place.language], timeZone: 'UTC' };
  try {
    const template = compile(source, place.part);
    const samples = samplesOf(place.purpose, place.baseUrl);
    const unknown = unknownVariable(template, samples, options);
    if (unknown !== undefined) return `there is no variable "${unknown}" here`;
    const bundled = bundledTemplates(options.language);
    const templates = { ...bundled, [place.purpose]: { ...bundled[place.purpose], [place.part]: template } };
    for (const sample of samples) {
      const problem = tooLong(renderText(templates, sample, options), place.part);
      if (problem !== undefined) return problem;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be used';
  }
}

/** Every variable anywhere in it, so that no typing error waits behind an `if` for the emergency. */
function unknownVariable(
  template: TextTemplate,
  samples: readonly AlarmBrief[],
  { language, timeZone }: TextOptions,
): string | undefined {
  const known = new Set(samples.flatMap((brief) => namesIn(textVariables(brief, language, timeZone))));
  return template.variables.find((name) => !known.has(name));
}

const namesIn = (variables: object, above = ''): string[] =>
  Object.entries(variables).flatMap(([name, value]) => [
    `${above}${name}`,
    ...(typeof value === 'object' && value !== null ? namesIn(value as object, `${name}.`) : []),
  ]);

function tooLong(text: MessageText, part: Part): string | undefined {
  switch (part) {
    case 'subject':
      return text.subject.length > MAX_SUBJECT ? `is longer than ${MAX_SUBJECT} characters` : undefined;
    case 'short': {
      const length = smsLength(text.short);
      return length > TWO_SMS ? `does not fit into two SMS (${length} letters of ${TWO_SMS})` : undefined;
    }
    case 'body':
    case 'html':
      return text[part].length > MAX_SCREEN ? `is longer than ${MAX_SCREEN} characters` : undefined;
  }
}
