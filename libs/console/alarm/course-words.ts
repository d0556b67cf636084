import type { NotificationStatus } from '#notifications';

import type { Words } from '../language.ts';

interface CourseWords {
  readonly pressed: string;
  readonly by: (name: string) => string;
  readonly step: (number: number, round: number) => string;
  readonly inTime: string;
  readonly disabled: string;
  readonly attempts: (count: number) => string;
  readonly resend: string;
  readonly resendTo: (target: string) => string;
  readonly states: Readonly<Record<NotificationStatus, string>>;
  readonly channels: Readonly<Record<string, string>>;
}

const CHANNELS = { sms: 'SMS', signal: 'Signal', ntfy: 'ntfy', webhook: 'Webhook' };

export const COURSE_WORDS: Words<CourseWords> = {
  en: {
    pressed: 'Pressed',
    by: (name) => `by ${name}`,
    step: (number, round) => (round === 0 ? `Step ${number}` : `Step ${number}, repetition ${round}`),
    inTime: 'in',
    disabled: 'switched off',
    attempts: (count) => `${count} attempts`,
    resend: 'Send again',
    resendTo: (target) => `Send again to ${target}`,
    states: {
      scheduled: 'waiting',
      sending: 'being sent',
      sent: 'sent',
      delivered: 'delivered',
      failed: 'failed',
      ambiguous: 'not certain',
      skipped: 'skipped',
      withdrawn: 'not needed any more',
    },
    channels: { ...CHANNELS, email: 'E-mail', zammad: 'Ticket' },
  },
  de: {
    pressed: 'Gedrückt',
    by: (name) => `von ${name}`,
    step: (number, round) => (round === 0 ? `Schritt ${number}` : `Schritt ${number}, Wiederholung ${round}`),
    inTime: 'in',
    disabled: 'abgeschaltet',
    attempts: (count) => `${count} Versuche`,
    resend: 'Erneut senden',
    resendTo: (target) => `Erneut senden an ${target}`,
    states: {
      scheduled: 'wartet',
      sending: 'wird gesendet',
      sent: 'gesendet',
      delivered: 'zugestellt',
      failed: 'fehlgeschlagen',
      ambiguous: 'ungewiss',
      skipped: 'ausgelassen',
      withdrawn: 'nicht mehr nötig',
    },
    channels: { ...CHANNELS, email: 'E-Mail', zammad: 'Ticket' },
  },
};
