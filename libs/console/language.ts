import type { Request, Response } from 'express';

/** The languages our pages speak. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A page's words in all languages: the same keys everywhere, held by the compiler. */
export type Words<Page> = Readonly<Record<Language, Page>>;

/** What the visitor's browser asks for, else English; says in the answer that it depends on that. */
export function languageOf(request: Request, response: Response): Language {
  response.vary('Accept-Language');
  const wanted = request.acceptsLanguages(...LANGUAGES);
  return LANGUAGES.find((language) => language === wanted) ?? 'en';
}
