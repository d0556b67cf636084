import { mayAct } from '#access';
import { MAX_NOTE, TRANSITIONS, type Alarm, type Command } from '#alarms';
import { shortId } from '#notifications';

import { roomOf } from '../board/alarm-place.tsx';
import { ALARM_WORDS, TONES } from '../board/alarm-words.ts';
import { KeyHelp } from '../board/key-help.tsx';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Age, Moment } from '../components/time.tsx';
import { useView, useWords } from '../frame/view.ts';
import { AlarmFacts } from './alarm-facts.tsx';
import type { AlarmRecord } from './alarm-record.ts';
import { ALARM_PAGE_WORDS } from './alarm-page-words.ts';
import { CourseBar } from './course-bar.tsx';
import { CourseList, TellingList } from './course-list.tsx';
import { courseOf, followUpsOf } from './course.ts';
import { EventList } from './event-list.tsx';

/** One alarm: what happened, what will, and what one can do. */
export function AlarmPage({ record }: { record: AlarmRecord }) {
  const { principal } = useView();
  const words = useWords(ALARM_PAGE_WORDS);
  const { alarm, escalation, outlook, notifications, events } = record;
  const stations = courseOf(alarm, notifications, outlook);
  const followUps = followUpsOf(notifications);
  const zone = escalation?.brief.timeZone;
  const mayAnswer = principal !== null && mayAct(principal, 'responder');
  return (
    <>
      <header class="alarm-head" data-live="head">
        <Head record={record} />
      </header>
      <div class="columns">
        <div class="to-answer">{mayAnswer && <AnswerCard alarm={alarm} />}</div>
        <div class="what-happened">
          <section class="card" data-live="course">
            <h2>{words.course}</h2>
            <CourseBar stations={stations} />
            <CourseList stations={stations} zone={zone} />
            {outlook !== undefined && outlook.repeats > 0 && (
              <p class="quiet">{words.repeats(outlook.repeats)}</p>
            )}
            {escalation?.endedBy === 'exhausted' && alarm.status === 'triggered' && (
              <p class="trouble">{words.exhausted}</p>
            )}
            {followUps.length > 0 && (
              <>
                <h3>{words.followUps}</h3>
                <TellingList told={followUps} zone={zone} />
              </>
            )}
          </section>
          <details class="card record">
            <summary>{words.record}</summary>
            <div data-live="events">
              <EventList events={events} zone={zone} />
            </div>
          </details>
        </div>
        <div class="what-is-known">
          <section class="card" data-live="facts">
            <h2>{words.facts}</h2>
            <AlarmFacts record={record} />
          </section>
          <Notes record={record} mayAnswer={mayAnswer} />
        </div>
      </div>
      <KeyHelp />
    </>
  );
}

function Head({ record }: { record: AlarmRecord }) {
  const { alarm, escalation } = record;
  const words = useWords(ALARM_WORDS);
  const brief = escalation?.brief;
  return (
    <>
      <p class="state-line">
        <Badge tone={TONES[alarm.status]}>{words.status[alarm.status]}</Badge>
        <strong>
          <Age since={alarm.createdAt} />
        </strong>
        <span class="quiet">
          {alarm.severity} · <code>{shortId(alarm.id)}</code>
        </span>
        {brief?.drill === true && <Badge tone="warn">{words.drill}</Badge>}
        {alarm.silent && <Badge tone="warn">{words.silent}</Badge>}
      </p>
      <h1>
        <bdi>{roomOf(record, words.unknownRoom)}</bdi>
      </h1>
      <p class="around large">
        {[brief?.floor, brief?.site ?? alarm.siteId, brief?.person ?? alarm.personId, brief?.role]
          .filter(Boolean)
          .map((part) => (
            <bdi key={part}>{part}</bdi>
          ))}
      </p>
    </>
  );
}

/** Taking over is one click, since every second counts; what ends an alarm for good is asked about. */
function AnswerCard({ alarm }: { alarm: Alarm }) {
  const words = useWords(ALARM_PAGE_WORDS);
  const { commands, alarm: noun } = useWords(ALARM_WORDS);
  const possible = (Object.keys(TRANSITIONS) as Command[]).filter((command) =>
    TRANSITIONS[command].from.includes(alarm.status),
  );
  return (
    <Form action="/admin/answers/confirm" class="card answer" title={`${noun} ${shortId(alarm.id)}`}>
      <h2>{words.answer}</h2>
      <input type="hidden" name="alarm" value={alarm.id} />
      <input type="hidden" name="back" value={`/admin/alarms/${alarm.id}`} />
      <TextField name="note" label={words.answerNote} rows={2} maxLength={MAX_NOTE} />
      <div class="actions" data-live="actions">
        {possible.length === 0 && <p class="quiet">{words.over}</p>}
        {possible.map((command) =>
          command === 'acknowledge' ? (
            <Button
              key={command}
              kind="primary"
              action="/admin/answers"
              name="command"
              value={command}
              shortcut="a"
            >
              {commands[command]}
            </Button>
          ) : (
            <Button key={command} name="command" value={command}>
              {`${commands[command]} …`}
            </Button>
          ),
        )}
      </div>
    </Form>
  );
}

function Notes({
  record: { alarm, notes, escalation },
  mayAnswer,
}: {
  record: AlarmRecord;
  mayAnswer: boolean;
}) {
  const words = useWords(ALARM_PAGE_WORDS);
  const zone = escalation?.brief.timeZone;
  return (
    <section class="card">
      <h2>{words.notes}</h2>
      <div data-live="notes">
        {notes.length === 0 && <p class="quiet">{words.noNotes}</p>}
        <ol class="notes">
          {notes.map(({ id, note, createdBy, createdAt }) => (
            <li key={id} data-key={id}>
              <p class="note-text" dir="auto">
                {note}
              </p>
              <p class="quiet small">
                <bdi>{createdBy}</bdi>, <Moment at={createdAt} zone={zone} />
              </p>
            </li>
          ))}
        </ol>
      </div>
      {mayAnswer && (
        <Form action={`/admin/alarms/${alarm.id}/notes`} title={words.addNote}>
          <TextField name="text" label={words.newNote} rows={3} maxLength={MAX_NOTE} required />
          <Button>{words.addNote}</Button>
        </Form>
      )}
    </section>
  );
}
