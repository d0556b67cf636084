import { ChannelError, type AlarmBrief, type ChannelMessage, type NotificationChannel } from '#notifications';

const ALARM = '019c0f3e-5a00-7000-8000-0000ab12cd34';

/** What a channel is given for an alert, unless the story says otherwise. */
export const channelMessage = (
  changes: Partial<Omit<ChannelMessage, 'brief' | 'text'>> & {
    readonly brief?: Partial<AlarmBrief>;
    readonly text?: Partial<ChannelMessage['text']>;
  } = {},
): ChannelMessage => ({
  notificationId: '019c0f3e-6b00-7000-8000-00000000beef',
  purpose: 'alert',
  stepNo: 0,
  attempt: 1,
  mayHaveArrived: false,
  earlierRef: null,
  address: '',
  targetLabel: 'Guard on duty',
  requestId: 'request-7',
  ...changes,
  brief: {
    alarmId: ALARM,
    severity: 'P0',
    silent: true,
    source: 'yealink',
    event: 'alarm.trigger',
    triggeredAt: '2026-03-02T08:00:00.000Z',
    simulated: false,
    person: 'Ada',
    role: 'Registrar',
    room: 'Büro 1',
    floor: '2',
    site: 'Town hall',
    link: 'https://alarms.example/a/token',
    ...changes.brief,
  },
  text: {
    subject: 'Silent alarm P0: Büro 1, Town hall (12CD34)',
    short: 'ALARM P0 Counter 1',
    body: 'Silent alarm P0\nWhere: Büro 1\nAcknowledge: https://alarms.example/a/token',
    html: '<p>Silent alarm P0<br>Where: Büro 1</p>',
    ...changes.text,
  },
});

/** How an attempt failed. Whatever it was, its words are stored and shown. */
export async function failureOf(attempt: Promise<unknown>, secrets?: RegExp): Promise<ChannelError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChannelError)) throw new Error(`no ChannelError but ${String(error)}`);
  expect(error.message).not.toMatch(secrets ?? /secret|127\.0\.0\.1|localhost|:\/\//);
  return error;
}

/** How a send failed. */
export const sendFailure = (
  channel: NotificationChannel,
  message: ChannelMessage,
  signal = new AbortController().signal,
): Promise<ChannelError> => failureOf(channel.send(message, signal));
