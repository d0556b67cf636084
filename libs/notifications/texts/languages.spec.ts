import { PURPOSES } from '../alarm-brief.ts';
import { LANGUAGE_CODES, LANGUAGES } from './languages.ts';
import { PARTS } from './message-text.ts';
import { renderText } from './render-text.ts';
import { sampleBrief } from './sample-briefs.ts';
import { bundledTemplates } from './text-template.ts';

const NOT_REAL = { real: {}, simulated: { simulated: true }, drill: { drill: true } };
const CASES = LANGUAGE_CODES.flatMap((code) =>
  PURPOSES.flatMap((purpose) =>
    Object.entries(NOT_REAL).map(([name, changes]) => ({ code, purpose, name, changes })),
  ),
);

describe('every bundled text', () => {
  it.each(CASES)('$code, $purpose, $name', ({ code, purpose, changes }) => {
    const language = LANGUAGES[code];
    const brief = { ...sampleBrief(purpose), timeZone: 'Europe/Berlin', ...changes };
    const text = renderText(bundledTemplates(language), brief, { language, timeZone: 'UTC' });

    expect(PARTS.map((part) => `--- ${part}\n${text[part]}`).join('\n')).toMatchSnapshot();
  });
});
