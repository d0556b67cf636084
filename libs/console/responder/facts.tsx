import { floorName, MESSAGE_LANGUAGES, shortId } from '#notifications';

import { contactsOf, type Contact } from './contacts.ts';
import type { PartProps } from './part.ts';
import { Name, Said } from './said.tsx';

/** Where, who, since when, and what has been done about it. */
export function Facts(part: PartProps) {
  const { visit, words, times } = part;
  const { alarm, clock, notes } = visit.situation;
  const brief = clock?.brief;
  const room = brief?.room ?? alarm.roomId ?? words.unknownRoom;
  const floor = brief?.floor && floorName(brief.floor, MESSAGE_LANGUAGES[visit.language].floor);
  const where = [floor, brief?.site].filter(isSaid);
  const who = [brief?.person, brief?.role].filter(isSaid);
  const isOpen = alarm.status === 'triggered' || alarm.status === 'acknowledged';
  return (
    <div id="facts">
      <h1 class={room.length > 40 ? 'long' : undefined}>
        <Name>{room}</Name>
      </h1>
      {where.length > 0 && <p class="where">{listed(where)}</p>}
      {alarm.silent && isOpen && <p class="quiet">{words.doNotCall}</p>}
      <dl>
        {who.length > 0 && <Fact term={words.who}>{listed(who)}</Fact>}
        <Fact term={words.since}>
          <time dateTime={alarm.createdAt.toISOString()}>{times.full(alarm.createdAt)}</time>
          <small>
            <Said text={words.number} n={shortId(alarm.id)} />
          </small>
        </Fact>
        <Coming {...part} />
        <ToldSoFar {...part} />
        <NextStep {...part} />
        {notesOf(part).length + notes.length > 0 && (
          <Fact term={words.notes}>
            <ul>
              {[...notesOf(part), ...notes].map(({ by, at, note }) => (
                <li>
                  <Name>{note}</Name>{' '}
                  <small>
                    {by !== null && <Name>{by}</Name>}
                    {by !== null && ', '}
                    {times.short(at)}
                  </small>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
    </div>
  );
}

const isSaid = (text: string | null | undefined): text is string => text != null && text !== '';

const listed = (names: readonly string[]) =>
  names.map((name, i) => (
    <>
      {i > 0 && ' · '}
      <Name>{name}</Name>
    </>
  ));

function Fact({ term, children }: { term: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** By their own word; who is there is on the way no more. */
function Coming({ visit: { situation }, words, times }: PartProps) {
  const latest = new Map(situation.responders.map((responder) => [responder.by, responder]));
  if (latest.size === 0) return null;
  return (
    <Fact term={words.responders}>
      <ul>
        {[...latest.values()].map(({ by, state, at }) => (
          <li>
            <Said
              text={state === 'there' ? words.isThere : words.isOnWay}
              who={<Name>{by ?? words.somebody}</Name>}
            />{' '}
            <small>{times.short(at)}</small>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function ToldSoFar({ visit: { situation }, words, times }: PartProps) {
  const contacts = contactsOf(situation.told);
  const reached = contacts.filter(({ status }) => status === 'sent' || status === 'delivered').length;
  const failed = contacts.filter(({ status }) => status === 'failed').length;
  const count = reached === 1 ? words.toldCount.one : words.toldCount.many;
  return (
    <Fact term={words.told}>
      <details open={situation.alarm.status === 'triggered'}>
        <summary>
          {reached === 0 ? words.toldNobody : <Said text={count} n={reached} />}
          {failed > 0 && (
            <>
              , <Said text={words.notReached} n={failed} />
            </>
          )}
        </summary>
        <ul>
          {contacts.map((contact) => (
            <li class={contact.status}>
              <Name>{contact.label}</Name>{' '}
              <small>{`${words.channels[contact.channel]}, ${resultOf(contact, { words, times })}`}</small>
            </li>
          ))}
        </ul>
      </details>
    </Fact>
  );
}

/** Who is told next unless somebody answers, or that there is nobody left. */
function NextStep({ visit: { situation }, words, times }: PartProps) {
  const { alarm, clock } = situation;
  if (alarm.status !== 'triggered' || clock === null) return null;
  if (clock.exhausted) {
    return (
      <Fact term={words.nextStep}>
        <p class="warn">{words.exhausted}</p>
      </Fact>
    );
  }
  if (clock.nextStepAt === null) return null;
  return (
    <Fact term={words.nextStep}>
      {listed(clock.nextTargets)} <small>{times.short(clock.nextStepAt)}</small>
    </Fact>
  );
}

function resultOf({ status, at }: Contact, { words, times }: Pick<PartProps, 'words' | 'times'>): string {
  const time = at === null ? '' : times.short(at);
  switch (status) {
    case 'delivered':
      return words.received.replace('{time}', time);
    case 'sent':
      return time;
    case 'ambiguous':
      return words.perhapsTold;
    case 'failed':
      return words.failed;
    case 'scheduled':
    case 'sending':
      return words.beingTold;
  }
}

/** What was said with the buttons is kept with the alarm, not among its notes. */
function notesOf({ visit }: PartProps) {
  const { meta, ackedBy, ackedAt, resolvedBy, resolvedAt, cancelledBy, cancelledAt } = visit.situation.alarm;
  return [
    { note: meta['ack_note'], by: ackedBy, at: ackedAt },
    { note: meta['resolve_note'], by: resolvedBy, at: resolvedAt },
    { note: meta['cancel_note'], by: cancelledBy, at: cancelledAt },
  ].flatMap(({ note, by, at }) => (typeof note === 'string' && at !== null ? [{ note, by, at }] : []));
}
