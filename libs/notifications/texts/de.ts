import type { Language } from './language.ts';

const KIND = '{% if silent %}Stiller Alarm{% else %}Alarm{% endif %}';
const URGENCY = '{% if urgency %} ({{ urgency }}){% endif %}';
const BY = '{% if change.by %} von {{ change.by }}{% endif %}';

/** What followed an alarm: the same four texts around what was done. */
const change = (done: string, wasDone: string) => ({
  subject: `Alarm {{ number }} ${done}${BY}: {{ place }}`,
  short: `Alarm {{ number }} ${done}${BY}. {{ place }}.`,
  body: `Alarm {{ number }} wurde${BY} ${wasDone} ({{ change.at }}).
{% if change.note %}Bemerkung: {{ change.note }}
{% endif %}Ort: {{ place }}`,
  html: `<p><strong>Alarm {{ number }} wurde${BY} ${wasDone}</strong> ({{ change.at }}).</p>
{% if change.note %}<p>Bemerkung: {{ change.note | breaks }}</p>
{% endif %}<p>Ort: {{ place }}</p>`,
});

export const DE: Language = {
  marks: {
    simulation: 'SIMULATION - kein echter Alarm.',
    drill: 'ÜBUNG - kein echter Alarm.',
  },
  unknownPlace: 'unbekannter Ort',
  floor: 'Etage',
  urgency: { P0: 'kritisch', P1: 'hoch', P2: 'mittel', P3: 'niedrig' },
  timeStyle: {
    date: (year, month, day) => `${day}.${month}.${year}`,
    zoneLocales: ['de-DE'],
  },
  templates: {
    alert: {
      subject: `${KIND} {{ severity }}: {{ place }} ({{ number }})`,
      short: `{% if silent %}STILLER ALARM{% else %}ALARM{% endif %} {{ severity }} {{ place }}. {% if who %}{{ who }}. {% endif %}{{ time }} {{ zone }}. {% if silent %}Bitte nicht zurückrufen. {% endif %}Quittieren: {{ link }}`,
      body: `${KIND} {{ severity }}${URGENCY}, Nummer {{ number }}
Ort: {{ place }}
{% if who %}Person: {{ who }}
{% endif %}Zeit: {{ date }} {{ time }} {{ zone }}
{% if silent %}Der Alarm ist still: Bitte nicht zurückrufen.
{% endif %}Quittieren: {{ link }}`,
      html: `<p><strong>${KIND} {{ severity }}${URGENCY}</strong>, Nummer {{ number }}</p>
<p>Ort: <strong>{{ place }}</strong>{% if who %}<br>Person: {{ who }}{% endif %}<br>Zeit: {{ date }} {{ time }} {{ zone }}</p>
{% if silent %}<p><strong>Der Alarm ist still: Bitte nicht zurückrufen.</strong></p>
{% endif %}<p>Quittieren: <a href="{{ link }}">{{ link }}</a></p>`,
    },
    acknowledged: change('quittiert', 'quittiert'),
    resolved: change('abgeschlossen', 'abgeschlossen'),
    cancelled: change('aufgehoben (Fehlalarm)', 'als Fehlalarm aufgehoben'),
  },
};
