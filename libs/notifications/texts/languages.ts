import { DE } from './de.ts';
import { EN } from './en.ts';
import type { Language } from './language.ts';

/** The languages messages are written in, by their code in `DEFAULT_LANGUAGE`. */
export const LANGUAGES = { en: EN, de: DE } as const satisfies Record<string, Language>;
export type LanguageCode = keyof typeof LANGUAGES;
export const LANGUAGE_CODES = Object.keys(LANGUAGES) as LanguageCode[];
