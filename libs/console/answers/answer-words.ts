import type { Words } from '../language.ts';

interface AnswerWords {
  readonly question: (command: string, count: number) => string;
  readonly doIt: (command: string, count: number) => string;
  readonly note: string;
  readonly noteHint: string;
  readonly andMore: (count: number) => string;
  readonly noneChosen: string;
  readonly one: (state: string) => string;
  readonly many: (state: string, count: number) => string;
  readonly unchanged: (count: number) => string;
  readonly tooLate: (state: string, by: string | null) => string;
}

export const ANSWER_WORDS: Words<AnswerWords> = {
  en: {
    question: (command, count) => `${command}: ${count === 1 ? 'this alarm' : `these ${count} alarms`}?`,
    doIt: (command, count) => (count === 1 ? command : `${command} (${count})`),
    note: 'Note (optional)',
    noteHint: 'Stands in the record of the alarm and goes into tickets and webhooks.',
    andMore: (count) => `and ${count} more`,
    noneChosen: 'No alarm was selected.',
    one: (state) => `${state}.`,
    many: (state, count) => `${state}: ${count}.`,
    unchanged: (count) => `${count} had been answered by others before.`,
    tooLate: (state, by) =>
      `Somebody was faster. ${state}${by === null ? '' : ` by ${by}`}; your answer changed nothing.`,
  },
  de: {
    question: (command, count) => `${command}: ${count === 1 ? 'dieser Alarm' : `diese ${count} Alarme`}?`,
    doIt: (command, count) => (count === 1 ? command : `${command} (${count})`),
    note: 'Notiz (freiwillig)',
    noteHint: 'Steht im Protokoll des Alarms und geht in Tickets und Webhooks ein.',
    andMore: (count) => `und ${count} weitere`,
    noneChosen: 'Es war kein Alarm ausgewählt.',
    one: (state) => `${state}.`,
    many: (state, count) => `${state}: ${count}.`,
    unchanged: (count) => `${count} hatten andere schon beantwortet.`,
    tooLate: (state, by) =>
      `Jemand war schneller. ${state}${by === null ? '' : ` von ${by}`}; Ihre Antwort hat nichts geändert.`,
  },
};
