import type { Words } from '../language.ts';

export interface SignInWords {
  readonly title: string;
  readonly key: string;
  readonly keyHint: string;
  readonly called: string;
  readonly calledHint: string;
  readonly signIn: string;
  readonly wrong: string;
  readonly limited: string;
  readonly notConfigured: string;
  readonly ended: string;
  readonly notSent: string;
  readonly notSentHint: string;
  readonly send: string;
  readonly doNotSend: string;
  readonly signedOut: string;
}

export const SIGN_IN_WORDS: Words<SignInWords> = {
  en: {
    title: 'Sign in',
    key: 'Key',
    keyHint: 'The key you were given for this console.',
    called: 'Your name (optional)',
    calledHint: 'Stands in the record beside what you do.',
    signIn: 'Sign in',
    wrong: 'This key is not known here. Check that all of it was copied.',
    limited: 'Too many wrong keys came from here. Wait a minute, then try again.',
    notConfigured: 'No ADMIN_API_KEY is configured on the server, so nobody can sign in.',
    ended:
      'You were signed out before this was sent. Nothing has been sent yet, and nothing you typed is lost.',
    notSent: 'Not sent yet',
    notSentHint: 'You were signed out in between. Look at it again, and send it if it still holds.',
    send: 'Send now',
    doNotSend: 'Do not send',
    signedOut: 'You are signed out.',
  },
  de: {
    title: 'Anmelden',
    key: 'Schlüssel',
    keyHint: 'Der Schlüssel, den Sie für diesen Leitstand bekommen haben.',
    called: 'Ihr Name (freiwillig)',
    calledHint: 'Steht im Protokoll neben dem, was Sie tun.',
    signIn: 'Anmelden',
    wrong: 'Diesen Schlüssel gibt es hier nicht. Wurde er vollständig kopiert?',
    limited: 'Von hier kamen zu viele falsche Schlüssel. Bitte eine Minute warten.',
    notConfigured: 'Auf dem Server ist kein ADMIN_API_KEY gesetzt, deshalb kann sich niemand anmelden.',
    ended:
      'Sie wurden abgemeldet, bevor das gesendet war. Noch ist nichts gesendet, und nichts Getipptes ist verloren.',
    notSent: 'Noch nicht gesendet',
    notSentHint:
      'Sie waren zwischendurch abgemeldet. Sehen Sie es noch einmal an und senden Sie es, wenn es noch gilt.',
    send: 'Jetzt senden',
    doNotSend: 'Nicht senden',
    signedOut: 'Sie sind abgemeldet.',
  },
};
