import { ChannelError, type AlarmBrief, type ChannelMessage, type NotificationChannel } from '#notifications';

const LINK = 'https://alarm.example.org/a/the-secret-of-the-link-of-this-alarm';

const BRIEF: AlarmBrief = {
  alarmId: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e',
  severity: 'P0',
  silent: true,
  source: 'yealink',
  event: 'alarm.trigger',
  triggeredAt: '2026-03-02T08:00:00.000Z',
  simulated: false,
  person: 'Ada',
  role: 'Registrar',
  room: 'Counter 1',
  floor: '2',
  site: 'Town hall',
  link: LINK,
};

/** One message to one target, as the delivery hands it to a channel. */
export const channelMessage = (
  wishes: Partial<Omit<ChannelMessage, 'brief' | 'text'>> & {
    readonly brief?: Partial<AlarmBrief>;
    readonly text?: Partial<ChannelMessage['text']>;
  } = {},
): ChannelMessage => ({
  notificationId: '01a20a4c-ea88-7c34-9b49-000000000001',
  purpose: 'alert',
  stepNo: 0,
  attempt: 1,
  mayHaveArrived: false,
  earlierRef: null,
  address: '',
  targetLabel: 'Guard',
  requestId: null,
  ...wishes,
  brief: { ...BRIEF, ...wishes.brief },
  text: {
    subject: 'Alarm: Counter 1',
    short: 'ALARM Counter 1',
    body: 'Alarm P0\nCounter 1',
    html: '',
    ...wishes.text,
  },
});

/** How a send failed. Fails itself for whatever is no ChannelError. */
export async function sendFailure(
  channel: NotificationChannel,
  message: ChannelMessage,
  signal = new AbortController().signal,
): Promise<ChannelError> {
  const outcome: unknown = await channel.send(message, signal).catch((error: unknown) => error);
  if (outcome instanceof ChannelError) return outcome;
  throw new Error(`no ChannelError but ${JSON.stringify(outcome) ?? String(outcome)}`);
}
