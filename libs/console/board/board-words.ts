import type { Words } from '../language.ts';
import type { Selection } from './board-query.ts';

interface BoardWords {
  readonly title: string;
  readonly unanswered: string;
  readonly inHand: string;
  readonly longest: string;
  readonly filters: string;
  readonly show: string;
  readonly selections: Readonly<Record<Selection, string>>;
  readonly search: string;
  readonly site: string;
  readonly allSites: string;
  readonly severity: string;
  readonly allSeverities: string;
  readonly order: string;
  readonly newest: string;
  readonly oldest: string;
  readonly apply: string;
  readonly none: string;
  readonly noneHint: string;
  readonly noneFound: string;
  readonly clearFilters: string;
  readonly state: string;
  readonly where: string;
  readonly who: string;
  readonly told: string;
  readonly toldOf: (told: number, planned: number) => string;
  readonly notReached: (count: number) => string;
  readonly nobodyTold: string;
  readonly answer: string;
  readonly nextStep: string;
  readonly exhausted: string;
  readonly select: (what: string) => string;
  readonly selection: string;
  readonly selected: string;
  readonly acknowledgeOne: (what: string) => string;
  readonly more: string;
  readonly first: string;
  readonly export: string;
  readonly sound: string;
  readonly keys: string;
  readonly keyHelp: readonly (readonly [key: string, meaning: string])[];
  readonly useKeys: string;
}

export const BOARD_WORDS: Words<BoardWords> = {
  en: {
    title: 'Alarms',
    unanswered: 'unanswered',
    inHand: 'in hand',
    longest: 'longest wait',
    filters: 'Filters',
    show: 'Show',
    selections: {
      open: 'Open',
      triggered: 'Unanswered',
      acknowledged: 'Acknowledged',
      closed: 'Over',
      all: 'All',
    },
    search: 'Search',
    site: 'Site',
    allSites: 'All sites',
    severity: 'Severity',
    allSeverities: 'All',
    order: 'Order',
    newest: 'Newest first',
    oldest: 'Oldest first',
    apply: 'Apply',
    none: 'No open alarms.',
    noneHint: 'A new one appears here by itself.',
    noneFound: 'No alarm matches.',
    clearFilters: 'Show all open alarms',
    state: 'State',
    where: 'Where',
    who: 'Who',
    told: 'Told',
    toldOf: (told, planned) => `${told} of ${planned}`,
    notReached: (count) => `${count} not reached`,
    nobodyTold: 'nobody',
    answer: 'Answer',
    nextStep: 'next step in',
    exhausted: 'Everybody was told, nobody answered',
    select: (what) => `Select ${what}`,
    selection: 'Selection',
    selected: 'Selected:',
    acknowledgeOne: (what) => `Acknowledge ${what}`,
    more: 'Next page',
    first: 'First page',
    export: 'Export as CSV',
    sound: 'Sound for new alarms',
    keys: 'Keyboard',
    keyHelp: [
      ['j', 'next alarm'],
      ['k', 'previous alarm'],
      ['Enter', 'open it'],
      ['a', 'acknowledge it'],
      ['x', 'select it'],
      ['/', 'search'],
      ['?', 'this list'],
    ],
    useKeys: 'Use these keys',
  },
  de: {
    title: 'Alarme',
    unanswered: 'unbeantwortet',
    inHand: 'übernommen',
    longest: 'längste Wartezeit',
    filters: 'Filter',
    show: 'Anzeigen',
    selections: {
      open: 'Offene',
      triggered: 'Unbeantwortete',
      acknowledged: 'Übernommene',
      closed: 'Beendete',
      all: 'Alle',
    },
    search: 'Suche',
    site: 'Standort',
    allSites: 'Alle Standorte',
    severity: 'Stufe',
    allSeverities: 'Alle',
    order: 'Reihenfolge',
    newest: 'Neueste zuerst',
    oldest: 'Älteste zuerst',
    apply: 'Anwenden',
    none: 'Keine offenen Alarme.',
    noneHint: 'Ein neuer erscheint hier von selbst.',
    noneFound: 'Kein Alarm passt dazu.',
    clearFilters: 'Alle offenen Alarme zeigen',
    state: 'Zustand',
    where: 'Wo',
    who: 'Wer',
    told: 'Verständigt',
    toldOf: (told, planned) => `${told} von ${planned}`,
    notReached: (count) => `${count} nicht erreicht`,
    nobodyTold: 'niemand',
    answer: 'Antwort',
    nextStep: 'nächster Schritt in',
    exhausted: 'Alle verständigt, niemand hat geantwortet',
    select: (what) => `${what} auswählen`,
    selection: 'Auswahl',
    selected: 'Ausgewählte:',
    acknowledgeOne: (what) => `${what} übernehmen`,
    more: 'Nächste Seite',
    first: 'Erste Seite',
    export: 'Als CSV exportieren',
    sound: 'Ton bei neuen Alarmen',
    keys: 'Tastatur',
    keyHelp: [
      ['j', 'nächster Alarm'],
      ['k', 'voriger Alarm'],
      ['Enter', 'öffnen'],
      ['a', 'übernehmen'],
      ['x', 'auswählen'],
      ['/', 'Suche'],
      ['?', 'diese Liste'],
    ],
    useKeys: 'Diese Tasten benutzen',
  },
};
