import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';

import BasicSmtpPool from 'nodemailer/lib/smtp-pool';

import type { Settings } from '#platform';

type Send = BasicSmtpPool['send'];

/** Connections to the mail server, kept for a while so that a step of many mails logs in only once. */
export class SmtpPool extends BasicSmtpPool {
  /** An error also says, as `bodyBegan`, whether anything of the mail was handed to the connection. */
  override send(mail: Parameters<Send>[0], done: Parameters<Send>[1]): boolean {
    const bodies: Readable[] = [];
    mail.message?.processFunc((body) => {
      bodies.push(body);
      return body;
    });
    return super.send(mail, (error, info) => {
      if (error) Object.assign(error, { bodyBegan: bodies.some((body) => body.readableDidRead) });
      done(error, info);
    });
  }
}

/**
 * A pool as the settings describe it.
 * @param tls what tests trust; an operator's own authority is trusted by `NODE_EXTRA_CA_CERTS`.
 * @throws Error that does not repeat the URL.
 */
export function smtpPool(settings: Settings, tls: ConnectionOptions = {}): SmtpPool {
  const { protocol, host, port, user, pass } = parts(settings.SMTP_URL ?? '');
  const isSecure = protocol === 'smtps:';
  return new SmtpPool({
    host,
    port: port || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && settings.SMTP_REQUIRE_TLS,
    ...(user === '' ? {} : { auth: { user, pass } }),
    tls,
    maxConnections: Math.min(settings.WORKER_CONCURRENCY, 10),
    // For a connection that was kept and is dead: found before anything of the mail was sent.
    maxRequeues: 1,
    idleTimeout: 30_000,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 10_000,
    socketCloseTimeout: 0,
    maxResponseSize: 64 * 1024,
  });
}

function parts(text: string) {
  try {
    const { protocol, hostname, port, username, password } = new URL(text);
    return {
      protocol,
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      user: decodeURIComponent(username),
      pass: decodeURIComponent(password),
    };
  } catch {
    // The cause would show the password.
    throw new Error('SMTP_URL is not a URL: write special characters in user and password as %XX.');
  }
}
