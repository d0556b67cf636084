import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import { selfSigned, type Certificate } from '../certificate.ts';

/** A mail the server took over. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Who had logged in. */
  readonly user: string | null;
  readonly isEncrypted: boolean;
  readonly raw: string;
  readonly mail: Email;
}

/** A refusal as mail servers word it: `new Refusal(550, '5.1.1 <x@y>: Recipient address rejected')`. */
export class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

export interface SmtpWishes {
  readonly certificate?: Certificate;
  /** TLS from the first byte, as on port 465. */
  readonly isSecure?: boolean;
  readonly hasStartTls?: boolean;
  /** Without it nobody needs to log in. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** `hang`: never answer. `reset`: cut the connection. */
type Ending = 'hang' | 'reset' | Refusal | undefined;

/** A real mail server that stands for the operator's: it records what comes and answers as it is told. */
export class SmtpEmulator {
  readonly mails: ReceivedMail[] = [];
  /** Mails that came in full, taken over or not. */
  complete = 0;
  /** Every sender of a mail that was begun. */
  readonly begun: string[] = [];
  connections = 0;

  /** Asked for each recipient. */
  onRecipient: (address: string) => Refusal | undefined = () => undefined;
  /** Asked when a mail has come in full. */
  onMail: () => Ending = () => undefined;
  greets = true;
  /** Connections that have ended. */
  ended = 0;

  readonly #server: SMTPServer;
  #waiting: (() => void)[] = [];
  #port = 0;

  private constructor(
    readonly certificate: Certificate,
    wishes: SmtpWishes,
  ) {
    const { login, isSecure = false, hasStartTls = true } = wishes;
    this.#server = new SMTPServer({
      ...certificate,
      secure: isSecure,
      ...(hasStartTls ? {} : { disabledCommands: ['STARTTLS'] }),
      // Without STARTTLS a password would only ever come in clear, which such servers put up with.
      allowInsecureAuth: !hasStartTls,
      authOptional: login === undefined,
      closeTimeout: 1,
      onConnect: (_session, done) => {
        this.connections += 1;
        this.#tell();
        if (this.greets) done();
      },
      onAuth: ({ username, password }, _session, done) => {
        if (username === login?.user && password === login?.password) done(null, { user: username });
        else done(new Refusal(535, `5.7.8 Error: authentication failed: ${username} ${password}`));
      },
      onMailFrom: ({ address }, _session, done) => {
        this.begun.push(address);
        done();
      },
      onRcptTo: ({ address }, _session, done) => done(this.onRecipient(address) ?? null),
      onClose: () => {
        this.ended += 1;
        this.#tell();
      },
      onData: (stream, session, done) => void this.#receive(stream, session, done),
    });
    // A client that goes away in the middle is part of the stories.
    this.#server.on('error', () => undefined);
  }

  static async start(wishes: SmtpWishes = {}): Promise<SmtpEmulator> {
    const emulator = new SmtpEmulator(wishes.certificate ?? selfSigned(), wishes);
    const listener = emulator.#server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    emulator.#port = (listener.address() as AddressInfo).port;
    return emulator;
  }

  /** Of the host the certificate is for. */
  get port(): number {
    return this.#port;
  }

  get newest(): ReceivedMail {
    const mail = this.mails.at(-1);
    if (mail === undefined) throw new Error('no mail has come');
    return mail;
  }

  /** Waits for it: it may have to come over the network first. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Ends every connection without a word. */
  cut(): void {
    for (const connection of this.#server.connections) connection._socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  async #receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    const raw = Buffer.concat((await stream.toArray()) as Buffer[]).toString('utf8');
    const ending = this.onMail();
    this.complete += 1;
    if (ending === undefined) {
      const { mailFrom, rcptTo } = session.envelope;
      this.mails.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        user: (session.user as string | undefined) ?? null,
        isEncrypted: session.secure,
        raw,
        mail: await PostalMime.parse(raw),
      });
    }
    this.#tell();
    if (ending === 'reset') this.cut();
    else if (ending !== 'hang') done(ending ?? null);
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
