import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { clearInterval, setInterval } from 'node:timers';

import type { Certificate } from '../certificate.ts';

/** What a server may do with a message it has read to its end. */
export const BEHAVIOURS = [
  'accepted',
  'accepted without a name',
  'refused',
  'never answers',
  'slow body',
  'connection reset mid-answer',
  'limited',
  'malformed answer',
  'huge answer',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

const TRICKLE_MS = 20;
/** So many pieces of a slow body have come when it is plain that it does not end. */
const ENOUGH_PIECES = 3;

/** A server on a bare socket, so that it may also say what no library would. */
export abstract class MisbehavingServer {
  behaviour: Behaviour = 'accepted';
  /** Messages it was asked to take. */
  requests = 0;
  connections = 0;
  /** Told when it has a message and will not answer it, or not in this life. */
  onStuck: () => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  protected constructor(certificate?: Certificate) {
    const serve = (socket: Socket): void => {
      this.connections += 1;
      this.#sockets.add(socket);
      // A client that has had enough goes away without a word.
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      this.serve(socket);
    };
    this.#server = certificate ? createTlsServer({ ...certificate }, serve) : createTcpServer(serve);
    this.#server.on('tlsClientError', () => undefined);
  }

  protected abstract serve(socket: Socket): void;

  /** A little at a time, without an end. */
  protected trickle(socket: Socket, piece: string): void {
    let pieces = 0;
    const timer = setInterval(() => {
      socket.write(piece);
      pieces += 1;
      if (pieces === ENOUGH_PIECES) this.onStuck();
    }, TRICKLE_MS);
    socket.on('close', () => clearInterval(timer));
  }

  protected async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until the clients have closed every connection. */
  async left(): Promise<void> {
    const closed = (socket: Socket) => new Promise((resolve) => socket.on('close', resolve));
    await Promise.all([...this.#sockets].map(closed));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** As much of it as the other side takes, for as long as it takes it. */
function pour(socket: Socket, piece: string): void {
  const more = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

function say(socket: Socket, status: string, body: string, header = ''): void {
  socket.write(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n${header}\r\n${body}`);
}

/** One that speaks HTTP/1.1 up to the answer. */
export class MisbehavingHttpServer extends MisbehavingServer {
  /** The headers and body of the last request, as they came. */
  lastRequest = '';
  /** Bytes its answer has at least when it accepts; blanks fill it up at the front. */
  minLength = 0;

  private constructor(
    private readonly good: string,
    private readonly isSecure: boolean,
    private readonly found: string | undefined,
    certificate?: Certificate,
  ) {
    super(certificate);
  }

  /**
   * @param good the body of its answer when it accepts.
   * @param found the body of its answer to a GET, which then is no message and always answered well.
   */
  static start(good = '{}', certificate?: Certificate, found?: string): Promise<MisbehavingHttpServer> {
    return new MisbehavingHttpServer(good, certificate !== undefined, found, certificate).listen();
  }

  get url(): string {
    return this.isSecure ? `https://localhost:${this.port}` : `http://127.0.0.1:${this.port}`;
  }

  protected serve(socket: Socket): void {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
      if (head < 0 || text.length < head + 4 + length) return;
      this.lastRequest = text;
      text = '';
      if (this.found !== undefined && this.lastRequest.startsWith('GET ')) {
        say(socket, '200 OK', this.found, 'connection: close\r\n');
        return;
      }
      this.requests += 1;
      this.#answer(socket);
    });
  }

  #answer(socket: Socket): void {
    const begin = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    switch (this.behaviour) {
      case 'accepted':
        return say(socket, '200 OK', this.good.padStart(this.minLength));
      case 'accepted without a name':
        return say(socket, '200 OK', '{}');
      case 'refused':
        return say(socket, '400 Bad Request', '{"error":"no such receiver +4930111222"}');
      case 'never answers':
        return this.onStuck();
      case 'slow body':
        socket.write(begin);
        return this.trickle(socket, '1\r\n \r\n');
      case 'connection reset mid-answer':
        socket.write(`${begin}5\r\n{"id"`, () => socket.resetAndDestroy());
        return;
      case 'limited':
        return say(socket, '429 Too Many Requests', '{}', 'retry-after: 7\r\n');
      case 'malformed answer':
        socket.write('I am no web server\r\n\r\n');
        return;
      case 'huge answer':
        socket.write(begin);
        return pour(socket, `2000\r\n${'x'.repeat(0x2000)}\r\n`);
    }
  }
}

/** One that speaks SMTP up to the end of a mail; refusals come with the receiver, as they do in real life. */
export class MisbehavingSmtpServer extends MisbehavingServer {
  static start(): Promise<MisbehavingSmtpServer> {
    return new MisbehavingSmtpServer().listen();
  }

  protected serve(socket: Socket): void {
    let text = '';
    let isData = false;
    socket.write('220 mail.example ESMTP\r\n');
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        const end = isData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at < 0) return;
        const line = text.slice(0, at);
        text = text.slice(at + end.length);
        if (isData) this.#answer(socket);
        else socket.write(`${this.#reply(line.slice(0, 4).toUpperCase())}\r\n`);
        isData = !isData && /^DATA/i.test(line);
      }
    });
  }

  #reply(verb: string): string {
    if (verb === 'EHLO') return '250 mail.example';
    if (verb === 'MAIL') this.requests += 1;
    if (verb === 'DATA') return '354 End data with <CR><LF>.<CR><LF>';
    if (verb === 'RCPT' && this.behaviour === 'refused') return '550 5.1.1 <guard@example.org>: User unknown';
    if (verb === 'RCPT' && this.behaviour === 'limited') return '450 4.2.0 <guard@example.org>: Greylisted';
    return verb === 'QUIT' ? '221 Bye' : '250 Ok';
  }

  #answer(socket: Socket): void {
    switch (this.behaviour) {
      case 'never answers':
        return this.onStuck();
      case 'slow body':
        return this.trickle(socket, '250-wait\r\n');
      case 'accepted without a name':
        socket.write('250\r\n');
        return;
      case 'connection reset mid-answer':
        socket.write('2', () => socket.resetAndDestroy());
        return;
      case 'malformed answer':
        socket.write('I am no mail server\r\n');
        return;
      case 'huge answer':
        return pour(socket, `250-${'x'.repeat(0x2000)}\r\n`);
      default:
        socket.write('250 2.0.0 Ok: queued as 4C1D2E\r\n');
    }
  }
}
