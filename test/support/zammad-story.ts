import type { AlarmBrief, ChannelMessage, NotificationChannel, Receipt } from '#notifications';
import { ChannelError } from '#notifications';
import { configurationFrom } from '#platform';

import { zammadChannel } from '../../libs/notifications/channels/zammad/zammad.channel.ts';
import { MessageTexts } from '../../libs/notifications/texts/message-texts.ts';
import { channelMessage } from './channel-message.ts';
import { ZammadEmulator } from './emulators/zammad.ts';

export const BRIEF: AlarmBrief = {
  alarmId: '01a20a4c-ea88-7c34-9b49-f2058d3f2a91',
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
  link: 'https://alarm.example.org/a/ack-token-of-the-alarm',
};
/** What messages say where nothing else is configured. */
export const TEXTS = new MessageTexts(configurationFrom({}).settings);

/** By which the ticket of this alarm is found. */
export const TAG = 'alarm-3f2a91';

/** What an alert says to Zammad, unless told otherwise. */
export function message(
  changes: Partial<ChannelMessage> & { about?: Partial<AlarmBrief> } = {},
): ChannelMessage {
  const { about, ...rest } = changes;
  const brief = { ...BRIEF, ...about };
  return channelMessage({
    notificationId: '01a20a4c-0000-7000-8000-000000000001',
    targetLabel: 'Emergency desk',
    requestId: 'request-17',
    brief,
    text: TEXTS.of('zammad', brief),
    ...rest,
  });
}

/** What a change of state says. */
export const followUp = (
  purpose: 'acknowledged' | 'resolved' | 'cancelled',
  changes: Partial<ChannelMessage> = {},
) =>
  message({
    ...changes,
    purpose,
    about: { change: { status: purpose, at: '2026-03-02T08:05:00.000Z', by: 'Eva', note: 'On my way' } },
  });

/** How it failed. Whatever it was, its words are stored and shown. */
export async function failure(attempt: Promise<unknown>): Promise<ChannelError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChannelError)) throw new Error(`no ChannelError but ${String(error)}`);
  expect(error.message).not.toMatch(/access-token|example\.org|127\.0\.0\.1|:\/\//);
  expect(error.message.length).toBeLessThan(260);
  return error;
}

/** The channel, set up for the Zammad at hand, and sending by it. */
export const zammadStory = (zammad: () => ZammadEmulator) => {
  const channelWith = (settings: Record<string, string> = {}): NotificationChannel =>
    zammadChannel(
      configurationFrom({
        ZAMMAD_BASE_URL: `${zammad().url}/`,
        ZAMMAD_API_TOKEN: ZammadEmulator.TOKEN,
        ZAMMAD_GROUP: 'Notfallstelle',
        ZAMMAD_CUSTOMER: 'alarm@example.org',
        ...settings,
      }).settings,
    );
  const send = (what: ChannelMessage, channel = channelWith(), ms = 5000): Promise<Receipt> =>
    channel.send(what, AbortSignal.timeout(ms));
  return { channelWith, send };
};
