import type { ConnectionOptions } from 'node:tls';
import { domainToASCII } from 'node:url';

import { Logger } from '@nestjs/common';
import { createTransport } from 'nodemailer';

import type { Settings } from '#platform';

import {
  ChannelError,
  type ChannelMessage,
  type NotificationChannel,
  type Receipt,
} from '../notification-channel.ts';
import { ALARM_RETRIES } from '../retry-policies.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { UnconfiguredChannel } from '../unconfigured-channel.ts';
import { parseMailboxes, type Mailbox } from './mailboxes.ts';
import { smtpFailure } from './smtp-failure.ts';
import { smtpPool } from './smtp-pool.ts';

/** Of an alert only: news that somebody has answered may wait its turn. */
const URGENT = { 'X-Priority': '1', Importance: 'high' };

/** So that no out-of-office note comes back (RFC 3834, and Exchange's own word for it). */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/**
 * Mail over SMTP, encrypted unless the operator says otherwise. A mail keeps its Message-ID over all attempts, and
 * all mails about an alarm hang on one that was never sent, so that a mailbox shows them as one conversation.
 */
export class EmailChannel implements NotificationChannel {
  readonly kind = 'email';
  readonly timeLimitMs = 15_000;
  readonly retryPolicy = ALARM_RETRIES;
  private readonly logger = new Logger('EmailChannel');
  private readonly transport;
  private readonly sender: Mailbox;
  private readonly domain: string;

  /** @throws Error when SMTP_URL or SMTP_FROM cannot be used. */
  constructor(settings: Settings, tls?: ConnectionOptions) {
    const [sender, ...others] = parseMailboxes(settings.SMTP_FROM ?? '') ?? [];
    if (sender === undefined || others.length > 0) {
      throw new Error('SMTP_FROM must be one mail address, as Alarm Broker <alarm@example.org>.');
    }
    this.sender = sender;
    this.domain = domainToASCII(sender.address.replace(/^.*@/, '')) || 'localhost';
    this.transport = createTransport(smtpPool(settings, tls));
  }

  async send(message: ChannelMessage, signal: AbortSignal): Promise<Receipt> {
    const to = parseMailboxes(message.address);
    if (to === undefined) {
      throw new ChannelError('The target has no usable mail address.', { retry: 'no', reason: 'refused' });
    }
    try {
      const { messageId, rejected, accepted } = await this.transport.sendMail({
        ...this.mail(message, to),
        signal,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      if (rejected.length === 0) return { externalRef: messageId };
      const counts = { accepted: accepted.length, rejected: rejected.length };
      this.logger.warn(
        { ...counts, notificationId: message.notificationId, target: message.targetLabel },
        'The mail server refused some of the addresses of a target',
      );
      return { externalRef: messageId, facts: counts };
    } catch (error) {
      throw smtpFailure(error, signal.aborted);
    }
  }

  /** Connects and logs in. */
  async probe(signal: AbortSignal): Promise<readonly string[]> {
    try {
      await unlessAborted(this.transport.verify(), signal);
      return [];
    } catch (error) {
      const failure = smtpFailure(error, signal.aborted);
      if (failure.options.retry === 'no') return [failure.message];
      throw failure;
    }
  }

  /** Ends idle connections now instead of in half a minute. */
  close(): void {
    this.transport.close();
  }

  private mail(message: ChannelMessage, to: readonly Mailbox[]) {
    const { text, brief, requestId } = message;
    const conversation = `<${brief.alarmId}@${this.domain}>`;
    return {
      from: this.sender,
      to: [...to],
      envelope: { from: this.sender.address, to: to.map(({ address }) => address) },
      messageId: `<${message.notificationId}@${this.domain}>`,
      inReplyTo: conversation,
      references: conversation,
      subject: text.subject.replace(/[\s\p{Cc}]+/gu, ' '),
      text: text.body,
      html: text.html,
      headers: {
        ...AUTOMATIC,
        ...(message.purpose === 'alert' ? URGENT : {}),
        ...(requestId === null ? {} : { 'X-Request-ID': requestId }),
      },
    };
  }
}

/** The channel as the settings describe it. */
export const emailChannel = (settings: Settings): NotificationChannel =>
  settings.SMTP_URL === undefined
    ? new UnconfiguredChannel('email', 'E-mail is not set up: SMTP_URL is not set.')
    : new EmailChannel(settings);
