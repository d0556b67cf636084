import type { Purpose } from '../alarm-brief.ts';
import type { TimeStyle } from './local-time.ts';
import type { Part } from './message-text.ts';

/** What a language brings along. */
export interface Language {
  /** Put before everything that is not real. */
  readonly marks: { readonly simulation: string; readonly drill: string };
  readonly unknownPlace: string;
  /** Stands before a floor that is a mere number. */
  readonly floor: string;
  /** What severities mean. */
  readonly urgency: Readonly<Record<string, string>>;
  readonly timeStyle: TimeStyle;
  /** Liquid. */
  readonly templates: Readonly<Record<Purpose, Readonly<Record<Part, string>>>>;
}
