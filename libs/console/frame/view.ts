import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Principal } from '#access';

import type { Language, Words } from '../language.ts';

/** What a component may need to know of whom it is shown to, without being told. */
export interface View {
  readonly language: Language;
  /** Nobody at the sign-in page. */
  readonly principal: Principal | null;
  /** Goes into every form; see {@link Form}. */
  readonly formToken: string | null;
  /** Nothing here is real, and every page says so. */
  readonly simulated: boolean;
  /** IANA name of the zone in which times are shown. */
  readonly timeZone: string;
  /** When the page was made. */
  readonly now: Date;
  /** What was asked for: path and query. */
  readonly address: string;
}

const ViewContext = createContext<View | undefined>(undefined);

export const ViewProvider = ViewContext.Provider;

/** For components inside a page. */
export function useView(): View {
  const view = useContext(ViewContext);
  if (view === undefined) throw new Error('A component of the console is shown outside a page.');
  return view;
}

/** A component's words in the visitor's language. */
export const useWords = <Page>(words: Words<Page>): Page => words[useView().language];
