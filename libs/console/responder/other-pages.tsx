import { render } from '../page.tsx';
import type { Language } from '../language.ts';
import { Frame } from './frame.tsx';
import { said } from './said.tsx';
import { Times } from './times.ts';
import { endOf, type Visit } from './visit.ts';
import { WORDS } from './words.ts';

/** For links that lead nowhere: mistyped, or the alarm was deleted. */
export function unknownLinkPage(language: Language): string {
  const words = WORDS[language];
  return message(language, words.unknownLink, words.unknownLinkAdvice);
}

/** For links that were found long after: that it is over, and nothing about whom and where. */
export function expiredPage({ situation, language, now, timeZone }: Visit): string {
  const words = WORDS[language];
  const times = new Times(now, situation.clock?.brief.timeZone ?? timeZone, language);
  const time = times.full(endOf(situation)?.at ?? now);
  return message(language, words.expired, said(words.expiredAdvice, { time }));
}

const message = (language: Language, heading: string, advice: string): string =>
  render(
    <Frame language={language} title={heading} state="message">
      <h1>{heading}</h1>
      <p>{advice}</p>
    </Frame>,
  );
