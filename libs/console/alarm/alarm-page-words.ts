import type { Words } from '../language.ts';

interface AlarmPageWords {
  readonly course: string;
  readonly repeats: (count: number) => string;
  readonly exhausted: string;
  readonly followUps: string;
  readonly record: string;
  readonly answer: string;
  readonly answerNote: string;
  readonly over: string;
  readonly facts: string;
  readonly title: string;
  readonly description: string;
  readonly tags: string;
  readonly pressedAt: string;
  readonly device: string;
  readonly source: string;
  readonly policy: string;
  readonly ticket: string;
  readonly notes: string;
  readonly noNotes: string;
  readonly newNote: string;
  readonly addNote: string;
  readonly noteAdded: string;
  readonly noteMissing: string;
  readonly resent: (target: string) => string;
}

export const ALARM_PAGE_WORDS: Words<AlarmPageWords> = {
  en: {
    course: 'Course',
    repeats: (count) =>
      `After that the plan begins anew, ${count === 1 ? 'once more' : `${count} times more`}.`,
    exhausted: 'Everybody was told and nobody has answered. Nobody else will be told.',
    followUps: 'Told of the answer',
    record: 'Full record',
    answer: 'Answer',
    answerNote: 'Note on the answer (optional)',
    over: 'This alarm is over.',
    facts: 'Details',
    title: 'Title',
    description: 'Description',
    tags: 'Tags',
    pressedAt: 'Pressed',
    device: 'Device',
    source: 'Came by',
    policy: 'Policy',
    ticket: 'Ticket',
    notes: 'Notes',
    noNotes: 'No notes yet.',
    newNote: 'New note',
    addNote: 'Add note',
    noteAdded: 'The note is kept.',
    noteMissing: 'The note was empty.',
    resent: (target) => `Is being sent to ${target} again.`,
  },
  de: {
    course: 'Verlauf',
    repeats: (count) => `Danach beginnt der Plan von vorn, noch ${count === 1 ? 'einmal' : `${count}-mal`}.`,
    exhausted: 'Alle sind verständigt, und niemand hat geantwortet. Es wird niemand mehr verständigt.',
    followUps: 'Von der Antwort verständigt',
    record: 'Vollständiges Protokoll',
    answer: 'Antwort',
    answerNote: 'Notiz zur Antwort (freiwillig)',
    over: 'Dieser Alarm ist beendet.',
    facts: 'Einzelheiten',
    title: 'Titel',
    description: 'Beschreibung',
    tags: 'Schlagwörter',
    pressedAt: 'Gedrückt',
    device: 'Gerät',
    source: 'Kam über',
    policy: 'Plan',
    ticket: 'Ticket',
    notes: 'Notizen',
    noNotes: 'Noch keine Notizen.',
    newNote: 'Neue Notiz',
    addNote: 'Notiz hinzufügen',
    noteAdded: 'Die Notiz ist festgehalten.',
    noteMissing: 'Die Notiz war leer.',
    resent: (target) => `Wird erneut an ${target} gesendet.`,
  },
};
