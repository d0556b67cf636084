import { Agent, request } from 'node:http';

/** A request of which nothing is put in order before it is sent. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const TIME_LIMIT_MS = 5000;

/** Sends over few connections that are kept open, as a proxy would. */
export class RawHttp {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });

  constructor(private readonly url: string) {}

  /** @returns the whole answer; of a stream only its head. Rejects when it takes too long. */
  send({ method, target, headers: sent, body }: RawRequest): Promise<RawAnswer> {
    const { hostname, port } = new URL(this.url);
    const headers = body === undefined ? sent : { ...sent, 'Content-Length': String(body.length) };
    return new Promise((resolve, reject) => {
      const call = request({ agent: this.agent, hostname, port, method, path: target, headers }, (answer) => {
        const chunks: Buffer[] = [];
        const finish = () => {
          clearTimeout(limit);
          resolve({
            status: answer.statusCode ?? 0,
            headers: new Headers(answer.headers as Record<string, string>),
            text: Buffer.concat(chunks).toString(),
          });
        };
        if (answer.headers['content-type']?.startsWith('text/event-stream')) {
          finish();
          call.destroy();
        }
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', finish);
        answer.once('error', reject);
      });
      const limit = setTimeout(() => {
        reject(new Error(`No answer within ${TIME_LIMIT_MS} ms: ${method} ${target.slice(0, 200)}`));
        call.destroy();
      }, TIME_LIMIT_MS);
      call.once('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
