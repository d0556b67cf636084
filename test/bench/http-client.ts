import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/**
 * One kept-alive HTTP/1.1 connection with one request under way at a time, on a bare socket: a load generator shares the
 * two processors with what it measures, and a client library would cost as much as the server.
 */
export class HttpConnection {
  private readonly socket: Socket;
  private readonly host: string;
  private received = '';
  private waiting: { resolve(answer: Answered): void; reject(error: Error): void } | undefined;

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new HttpConnection(socket, host);
  }

  private constructor(socket: Socket, host: string) {
    this.socket = socket;
    this.host = host;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.take(text));
    const fail = (): void => this.waiting?.reject(new Error('The connection was closed.'));
    socket.on('close', fail);
    socket.on('error', fail);
  }

  get(path: string): Promise<Answered> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.host}\r\n\r\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.received += text;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.received.slice(0, head))?.[1] ?? 0);
    const end = head + 4 + length;
    if (this.received.length < end) return;
    const answer = { status: Number(this.received.slice(9, 12)), body: this.received.slice(head + 4, end) };
    this.received = this.received.slice(end);
    this.waiting?.resolve(answer);
  }
}
