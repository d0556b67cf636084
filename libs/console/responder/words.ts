import type { ChannelKind } from '#notifications';

import type { Words } from '../language.ts';

/** `{who}` and `{time}` stand for a name and a time. */
const EN = {
  alarm: 'Alarm',
  silentAlarm: 'Silent alarm',
  nobodyYet: 'No answer yet',
  hasIt: '{who} takes care of it',
  youHaveIt: 'You take care of it',
  somebody: 'Somebody',
  sinceTime: 'since {time}',
  over: 'It is over',
  falseAlarm: 'False alarm',
  resolvedBy: 'Resolved by {who}',
  resolved: 'Resolved',
  cancelledBy: 'Called off by {who}',
  cancelled: 'Called off',

  unknownRoom: 'Unknown room',
  floor: 'Floor',
  site: 'Site',
  who: 'Who',
  since: 'Since',
  doNotCall: 'Do not call the room. Nobody there may notice.',

  told: 'Told',
  toldNobody: 'nobody yet',
  toldCount: { one: '1 contact', many: '{n} contacts' },
  notReached: '{n} not reached',
  nextStep: 'Next',
  exhausted: 'Everybody on the list was told. Nobody else will be.',
  received: 'received {time}',
  beingTold: 'under way',
  perhapsTold: 'uncertain',
  failed: 'not reached',
  channels: {
    zammad: 'ticket',
    sms: 'SMS',
    signal: 'Signal',
    email: 'e-mail',
    webhook: 'connected system',
    ntfy: 'push message',
  } satisfies Record<ChannelKind, string>,

  responders: 'Responders',
  isOnWay: '{who} is on the way',
  isThere: '{who} is there',
  notes: 'Notes',

  yourName: 'Your name',
  takeIt: 'I take care of it',
  onWay: 'I am on my way',
  there: 'I am there',
  next: {
    mine: 'Go there now. Tell the others here that you are on your way.',
    others: 'Nothing more is needed from you. If you go there as well, say so here.',
    'on-way': 'Once you have arrived, say so here. Call for more help if you need it.',
    there: 'Once it is over, say here how it ended.',
    over: 'There is nothing left to do.',
  },
  addNote: 'Add a note',
  note: 'Note',
  saveNote: 'Save the note',
  noteSaved: 'Your note is saved.',
  itIsOver: 'It is over',
  whatHappened: 'What happened? (optional)',
  resolve: 'Close the alarm',
  itWasFalse: 'It was a false alarm',
  why: 'Why?',
  reasons: ['Pressed by mistake', 'Only tried out', 'Fault of the device'],
  otherReason: 'Another reason',
  moreAbout: 'More about it (optional)',
  callOff: 'Call off the alarm',

  faster: '{who} was faster. Your tap changed nothing.',
  fasterNameless: 'It was answered already, without a name. If you tapped twice, it was you.',
  overAlready: 'It was over already. Your tap changed nothing.',

  asOf: 'As of {time}',
  refresh: 'Refresh',
  lost: 'No connection. What you see may be out of date.',
  number: 'Alarm {n}',

  unknownLink: 'This link does not belong to an alarm',
  unknownLinkAdvice:
    'Check that the whole address was copied. If you were alerted just now, call the security desk.',
  expired: 'This alarm has been over for a while',
  expiredAdvice:
    'It was closed at {time}. A link shows its alarm for one more day. Whoever looks after the alarms at your place can tell you more.',
};

export type ResponderWords = typeof EN;

const DE: ResponderWords = {
  alarm: 'Alarm',
  silentAlarm: 'Stiller Alarm',
  nobodyYet: 'Noch keine Antwort',
  hasIt: '{who} hat übernommen',
  youHaveIt: 'Sie haben übernommen',
  somebody: 'Jemand',
  sinceTime: 'seit {time}',
  over: 'Es ist vorbei',
  falseAlarm: 'Fehlalarm',
  resolvedBy: 'Abgeschlossen von {who}',
  resolved: 'Abgeschlossen',
  cancelledBy: 'Aufgehoben von {who}',
  cancelled: 'Aufgehoben',

  unknownRoom: 'Unbekannter Raum',
  floor: 'Etage',
  site: 'Gebäude',
  who: 'Wer',
  since: 'Seit',
  doNotCall: 'Nicht im Raum anrufen. Dort darf niemand etwas merken.',

  told: 'Informiert',
  toldNobody: 'noch niemand',
  toldCount: { one: '1 Kontakt', many: '{n} Kontakte' },
  notReached: '{n} nicht erreicht',
  nextStep: 'Danach',
  exhausted: 'Alle auf der Liste sind benachrichtigt. Weitere folgen nicht.',
  received: 'angekommen {time}',
  beingTold: 'läuft',
  perhapsTold: 'ungewiss',
  failed: 'nicht erreicht',
  channels: {
    zammad: 'Ticket',
    sms: 'SMS',
    signal: 'Signal',
    email: 'E-Mail',
    webhook: 'angebundenes System',
    ntfy: 'Push-Nachricht',
  },

  responders: 'Helfer',
  isOnWay: '{who} ist unterwegs',
  isThere: '{who} ist vor Ort',
  notes: 'Notizen',

  yourName: 'Ihr Name',
  takeIt: 'Ich übernehme',
  onWay: 'Ich bin unterwegs',
  there: 'Ich bin da',
  next: {
    mine: 'Gehen Sie jetzt hin. Sagen Sie den anderen hier, dass Sie unterwegs sind.',
    others: 'Sie müssen nichts weiter tun. Wenn Sie auch hingehen, sagen Sie es hier.',
    'on-way': 'Sagen Sie hier, wenn Sie da sind. Rufen Sie weitere Hilfe, wenn Sie welche brauchen.',
    there: 'Wenn es vorbei ist, sagen Sie hier, wie es ausgegangen ist.',
    over: 'Es ist nichts mehr zu tun.',
  },
  addNote: 'Notiz hinzufügen',
  note: 'Notiz',
  saveNote: 'Notiz speichern',
  noteSaved: 'Ihre Notiz ist gespeichert.',
  itIsOver: 'Es ist vorbei',
  whatHappened: 'Was war los? (freiwillig)',
  resolve: 'Alarm abschließen',
  itWasFalse: 'Es war ein Fehlalarm',
  why: 'Warum?',
  reasons: ['Versehentlich gedrückt', 'Nur ausprobiert', 'Fehler des Geräts'],
  otherReason: 'Anderer Grund',
  moreAbout: 'Mehr dazu (freiwillig)',
  callOff: 'Alarm aufheben',

  faster: '{who} war schneller. Ihr Tippen hat nichts geändert.',
  fasterNameless:
    'Es hatte schon jemand ohne Namen geantwortet. Wenn Sie zweimal getippt haben, waren Sie es.',
  overAlready: 'Es war schon vorbei. Ihr Tippen hat nichts geändert.',

  asOf: 'Stand {time}',
  refresh: 'Aktualisieren',
  lost: 'Keine Verbindung. Was Sie sehen, ist vielleicht veraltet.',
  number: 'Alarm {n}',

  unknownLink: 'Dieser Link gehört zu keinem Alarm',
  unknownLinkAdvice:
    'Prüfen Sie, ob die ganze Adresse kopiert wurde. Wenn Sie gerade alarmiert wurden, rufen Sie die Leitstelle an.',
  expired: 'Dieser Alarm ist schon länger vorbei',
  expiredAdvice:
    'Er wurde am {time} geschlossen. Ein Link zeigt seinen Alarm noch einen Tag lang. Wer bei Ihnen für Alarme zuständig ist, weiß mehr.',
};

export const WORDS: Words<ResponderWords> = { en: EN, de: DE };
