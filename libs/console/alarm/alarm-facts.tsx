import type { ComponentChildren } from 'preact';

import { Moment } from '../components/time.tsx';
import { useWords } from '../frame/view.ts';
import type { AlarmRecord } from './alarm-record.ts';
import { ALARM_PAGE_WORDS } from './alarm-page-words.ts';

/** What is known of an alarm, as far as anything is. */
export function AlarmFacts({ record: { alarm, escalation, outlook } }: { record: AlarmRecord }) {
  const words = useWords(ALARM_PAGE_WORDS);
  const { title, description, tags } = alarm.meta;
  return (
    <dl class="facts">
      {typeof title === 'string' && <Fact term={words.title}>{title}</Fact>}
      {typeof description === 'string' && <Fact term={words.description}>{description}</Fact>}
      {Array.isArray(tags) && tags.length > 0 && <Fact term={words.tags}>{tags.map(String).join(', ')}</Fact>}
      <Fact term={words.pressedAt}>
        <Moment at={alarm.createdAt} zone={escalation?.brief.timeZone} />
      </Fact>
      {alarm.deviceId !== null && <Fact term={words.device}>{alarm.deviceId}</Fact>}
      <Fact term={words.source}>{`${alarm.source}, ${alarm.event}`}</Fact>
      {outlook !== undefined && outlook.policy !== '' && <Fact term={words.policy}>{outlook.policy}</Fact>}
      <Ticket alarm={alarm} />
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

/** The way to its ticket, where there is one. */
function Ticket({ alarm }: Pick<AlarmRecord, 'alarm'>) {
  const words = useWords(ALARM_PAGE_WORDS);
  const { zammad_ticket_url: url, zammad_ticket_number: number } = alarm.meta;
  if (alarm.zammadTicketId === null) return null;
  const name = typeof number === 'string' ? number : String(alarm.zammadTicketId);
  return (
    <Fact term={words.ticket}>
      {typeof url === 'string' && /^https?:\/\//.test(url) ? (
        <a href={url} rel="noreferrer">
          {name}
        </a>
      ) : (
        name
      )}
    </Fact>
  );
}
