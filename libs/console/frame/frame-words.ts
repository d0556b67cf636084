import type { Role } from '#access';

import type { Words } from '../language.ts';

interface FrameWords {
  readonly skip: string;
  readonly simulated: string;
  readonly nav: string;
  readonly signOut: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly lost: string;
  readonly lostHint: string;
  readonly signedOut: string;
  readonly signInAgain: string;
  readonly back: string;
  readonly problems: Readonly<Record<number, string>>;
  readonly otherProblem: string;
}

export const FRAME_WORDS: Words<FrameWords> = {
  en: {
    skip: 'Skip to content',
    simulated: 'Simulation. Nothing here is real, and nothing is sent to anybody.',
    nav: 'Console',
    signOut: 'Sign out',
    roles: { viewer: 'viewer', responder: 'responder', admin: 'administrator' },
    lost: 'Connection lost.',
    lostHint: 'What you see may be out of date. Trying again …',
    signedOut: 'You are signed out.',
    signInAgain: 'Sign in again to go on watching',
    back: 'To the alarms',
    problems: {
      403: 'This is not for your key',
      404: 'There is nothing here',
      409: 'Something has changed meanwhile',
      422: 'That could not be accepted',
      429: 'Too many attempts',
      503: 'Not available at the moment',
    },
    otherProblem: 'That did not work',
  },
  de: {
    skip: 'Zum Inhalt',
    simulated: 'Simulation. Nichts hier ist echt, und niemand wird benachrichtigt.',
    nav: 'Leitstand',
    signOut: 'Abmelden',
    roles: { viewer: 'Ansicht', responder: 'Einsatz', admin: 'Verwaltung' },
    lost: 'Verbindung unterbrochen.',
    lostHint: 'Was hier steht, kann veraltet sein. Neuer Versuch …',
    signedOut: 'Sie sind abgemeldet.',
    signInAgain: 'Neu anmelden, um weiter zuzusehen',
    back: 'Zu den Alarmen',
    problems: {
      403: 'Das darf Ihr Schlüssel nicht',
      404: 'Hier ist nichts',
      409: 'Inzwischen hat sich etwas geändert',
      422: 'Das konnte nicht angenommen werden',
      429: 'Zu viele Versuche',
      503: 'Zurzeit nicht verfügbar',
    },
    otherProblem: 'Das hat nicht geklappt',
  },
};
