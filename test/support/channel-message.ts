import { ChannelError, type ChannelMessage } from '#notifications';

const ALARM = '019c0f3e-5a00-7000-8000-0000ab12cd34';

/** What a channel is given for an alert, unless the story says otherwise. */
export const channelMessage = (changes: Partial<ChannelMessage> = {}): ChannelMessage => ({
  notificationId: '019c0f3e-6b00-7000-8000-00000000beef',
  purpose: 'alert',
  stepNo: 0,
  attempt: 1,
  mayHaveArrived: false,
  earlierRef: null,
  address: '',
  targetLabel: 'Guard on duty',
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
  },
  text: {
    subject: 'Silent alarm P0: Büro 1, Town hall (12CD34)',
    short: 'ALARM P0 Counter 1',
    body: 'Silent alarm P0\nWhere: Büro 1\nAcknowledge: https://alarms.example/a/token',
    html: '<p>Silent alarm P0<br>Where: Büro 1</p>',
  },
  requestId: 'request-7',
  ...changes,
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
