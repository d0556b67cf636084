import { MAX_ACTOR, MAX_NOTE, type AlarmStatus } from '#alarms';
import { shortId } from '#notifications';

import { Page, render } from './page.tsx';

/** What the responder's page shows. */
export interface ResponderView {
  readonly alarmId: string;
  readonly status: AlarmStatus;
  readonly severity: string;
  readonly silent: boolean;
  readonly triggeredAt: Date;
  readonly person: string | null;
  readonly role: string | null;
  readonly room: string | null;
  readonly floor: string | null;
  readonly site: string | null;
  readonly simulated: boolean;
  /** Who answered and when, once somebody has. */
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
  /** Somebody had answered before this visitor pressed the button. */
  readonly tooLate: boolean;
}

const STATE: Record<AlarmStatus, string> = {
  triggered: 'Nobody has answered yet',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  cancelled: 'Cancelled: false alarm',
};

/** One screen for a person under stress: who, where, since when, and one button. Works without JavaScript. */
export const responderPage = (view: ResponderView): string => render(<ResponderPage view={view} />);

/** For links that lead nowhere: mistyped, or the alarm was deleted. */
export const unknownLinkPage = (): string => render(<UnknownLinkPage />);

function ResponderPage({ view }: { view: ResponderView }) {
  const where = view.room ?? 'Unknown room';
  return (
    <Page title={`Alarm: ${where}`}>
      {view.simulated && <p class="banner">Simulation. This is not a real alarm.</p>}
      <p class={`state ${view.status}`} role="status">
        {STATE[view.status]}
        {view.answeredBy !== null && ` by ${view.answeredBy}`}
        {view.answeredAt !== null && <> at {clockTime(view.answeredAt)}</>}
      </p>
      {view.tooLate && <p class="hint">Somebody was faster. Your answer changed nothing.</p>}
      <h1>{where}</h1>
      <dl>
        {view.floor !== null && <Fact term="Floor">{view.floor}</Fact>}
        {view.site !== null && <Fact term="Site">{view.site}</Fact>}
        {view.person !== null && (
          <Fact term="Who">{view.role === null ? view.person : `${view.person} (${view.role})`}</Fact>
        )}
        <Fact term="Since">{clockTime(view.triggeredAt)}</Fact>
        <Fact term="Alarm">{`${shortId(view.alarmId)}, ${view.severity}${view.silent ? ', silent: do not call the room' : ''}`}</Fact>
      </dl>
      {view.status === 'triggered' && <AcknowledgeForm />}
    </Page>
  );
}

function AcknowledgeForm() {
  return (
    <form method="post">
      <label>
        Your name (optional)
        <input name="acked_by" maxLength={MAX_ACTOR} autocomplete="name" />
      </label>
      <label>
        Note (optional)
        <input name="note" maxLength={MAX_NOTE} />
      </label>
      <button type="submit">I take care of it</button>
    </form>
  );
}

function Fact({ term, children }: { term: string; children: string | preact.JSX.Element }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function UnknownLinkPage() {
  return (
    <Page title="Unknown link">
      <h1>This link does not belong to an alarm</h1>
      <p>Check that the whole address was copied. If you were alerted just now, call the security desk.</p>
    </Page>
  );
}

const clockTime = (time: Date) => (
  <time dateTime={time.toISOString()}>{`${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`}</time>
);
