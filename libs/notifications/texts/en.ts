import type { Language } from './language.ts';

const KIND = '{% if silent %}Silent alarm{% else %}Alarm{% endif %}';
const URGENCY = '{% if urgency %} ({{ urgency }}){% endif %}';
const BY = 'by {{ change.by | default: "somebody" }}';

/** What followed an alarm: the same four texts around what was done. */
const change = (done: string) => ({
  subject: `Alarm {{ number }} ${done} ${BY}: {{ place }}`,
  short: `Alarm {{ number }} ${done} ${BY}. {{ place }}.`,
  body: `Alarm {{ number }} was ${done} ${BY} at {{ change.at }}.
{% if change.note %}Note: {{ change.note }}
{% endif %}Where: {{ place }}`,
  html: `<p><strong>Alarm {{ number }} was ${done} ${BY}</strong> at {{ change.at }}.</p>
{% if change.note %}<p>Note: {{ change.note | breaks }}</p>
{% endif %}<p>Where: {{ place }}</p>`,
});

export const EN: Language = {
  marks: {
    simulation: 'SIMULATION - not a real alarm.',
    drill: 'DRILL - exercise, not a real alarm.',
  },
  unknownPlace: 'unknown place',
  floor: 'floor',
  urgency: { P0: 'critical', P1: 'high', P2: 'medium', P3: 'low' },
  timeStyle: {
    date: (year, month, day) => `${year}-${month}-${day}`,
    zoneLocales: ['en-GB', 'en-US', 'en-AU'],
  },
  templates: {
    alert: {
      subject: `${KIND} {{ severity }}: {{ place }} ({{ number }})`,
      short: `{% if silent %}SILENT ALARM{% else %}ALARM{% endif %} {{ severity }} {{ place }}. {% if who %}{{ who }}. {% endif %}{{ time }} {{ zone }}. {% if silent %}Do not call back. {% endif %}Acknowledge: {{ link }}`,
      body: `${KIND} {{ severity }}${URGENCY}, number {{ number }}
Where: {{ place }}
{% if who %}Who: {{ who }}
{% endif %}When: {{ date }} {{ time }} {{ zone }}
{% if silent %}The alarm is silent: do not call the room back.
{% endif %}Acknowledge: {{ link }}`,
      html: `<p><strong>${KIND} {{ severity }}${URGENCY}</strong>, number {{ number }}</p>
<p>Where: <strong>{{ place }}</strong>{% if who %}<br>Who: {{ who }}{% endif %}<br>When: {{ date }} {{ time }} {{ zone }}</p>
{% if silent %}<p><strong>The alarm is silent: do not call the room back.</strong></p>
{% endif %}<p>Acknowledge: <a href="{{ link }}">{{ link }}</a></p>`,
    },
    acknowledged: change('acknowledged'),
    resolved: change('resolved'),
    cancelled: change('cancelled (false alarm)'),
  },
};
