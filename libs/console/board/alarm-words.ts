import type { AlarmStatus, Command } from '#alarms';

import type { Tone } from '../components/badge.tsx';
import type { Words } from '../language.ts';

interface AlarmWords {
  readonly status: Readonly<Record<AlarmStatus, string>>;
  readonly commands: Readonly<Record<Command, string>>;
  readonly unknownRoom: string;
  readonly drill: string;
  readonly silent: string;
  readonly alarm: string;
}

/** What alarms and the things one can do about them are called, everywhere at the console. */
export const ALARM_WORDS: Words<AlarmWords> = {
  en: {
    status: {
      triggered: 'Unanswered',
      acknowledged: 'Acknowledged',
      resolved: 'Resolved',
      cancelled: 'False alarm',
    },
    commands: { acknowledge: 'Acknowledge', resolve: 'Resolve', cancel: 'False alarm' },
    unknownRoom: 'Unknown room',
    drill: 'Drill',
    silent: 'Silent: do not call the room',
    alarm: 'Alarm',
  },
  de: {
    status: {
      triggered: 'Unbeantwortet',
      acknowledged: 'Übernommen',
      resolved: 'Erledigt',
      cancelled: 'Fehlalarm',
    },
    commands: { acknowledge: 'Übernehmen', resolve: 'Erledigt', cancel: 'Fehlalarm' },
    unknownRoom: 'Unbekannter Raum',
    drill: 'Übung',
    silent: 'Still: nicht im Raum anrufen',
    alarm: 'Alarm',
  },
};

export const TONES: Readonly<Record<AlarmStatus, Tone>> = {
  triggered: 'alarm',
  acknowledged: 'taken',
  resolved: 'done',
  cancelled: 'quiet',
};
