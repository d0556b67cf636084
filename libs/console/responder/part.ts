import type { Times } from './times.ts';
import type { Visit } from './visit.ts';
import type { ResponderWords } from './words.ts';

/** What every part of the page is made from. */
export interface PartProps {
  readonly visit: Visit;
  readonly words: ResponderWords;
  readonly times: Times;
}
