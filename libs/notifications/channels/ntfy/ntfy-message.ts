import type { ChannelMessage } from '../notification-channel.ts';

/** The server turns what is longer into an attachment, or refuses it. */
const MAX_MESSAGE_BYTES = 4096;
/** It reads twice that much JSON. */
const MAX_BODY_BYTES = 2 * MAX_MESSAGE_BYTES;
const MAX_TITLE_BYTES = 512;

/** 5 rings through where the phone allows it, 4 makes a noise, 3 is like any other message. */
const PRIORITY: Readonly<Record<string, number>> = { P0: 5, P1: 4 };
const NORMAL_PRIORITY = 3;

/** JSON writes them as six bytes, and nobody sees them. */
const UNSEEN = /[^\P{Cc}\n]/gu;

const LABELS = {
  en: { acknowledge: 'Acknowledge', details: 'Details' },
  de: { acknowledge: 'Quittieren', details: 'Details' },
} as const;

/**
 * A message as ntfy's "publish as JSON" takes it, with a button that acknowledges where there is something to
 * acknowledge. The button makes the very request the form on the responder's page makes.
 */
export function ntfyMessage(message: ChannelMessage, topic: string, language: 'en' | 'de'): string {
  const { brief, text, purpose } = message;
  const label = LABELS[language];
  const isAlert = purpose === 'alert';
  const acknowledge = {
    action: 'http',
    label: label.acknowledge,
    url: brief.link,
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ acked_by: message.targetLabel }).toString(),
    clear: true,
  };
  const details = { action: 'view', label: label.details, url: brief.link };
  const withText = (words: string): string =>
    JSON.stringify({
      topic,
      title: cutToBytes(text.subject, MAX_TITLE_BYTES),
      message: words,
      priority: (isAlert ? PRIORITY[brief.severity] : undefined) ?? NORMAL_PRIORITY,
      tags: [isAlert ? 'rotating_light' : 'white_check_mark'],
      click: brief.link,
      actions: isAlert ? [acknowledge, details] : [details],
    });
  const words = cutToBytes(text.body.replace(UNSEEN, ' '), MAX_MESSAGE_BYTES);
  const body = withText(words);
  const excess = Buffer.byteLength(body) - MAX_BODY_BYTES;
  return excess <= 0 ? body : withText(cutToBytes(words, Buffer.byteLength(words) - excess));
}

/** The beginning of a text that fits into so many bytes of UTF-8, in whole characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = Math.max(maxBytes, 0);
  // Bytes that begin with the bits 10 continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}
