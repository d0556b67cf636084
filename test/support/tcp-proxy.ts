import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands in a line between two programs and does to it what networks do. */
export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server = createServer((socket) => this.accept(socket));
  private frozen = false;
  private refusing = false;
  private delayMs = 0;

  /** @param target host and port behind it. */
  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  private constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection there is, in the middle of whatever it carries. */
  cut(): void {
    for (const pair of this.pairs) for (const end of pair) end.resetAndDestroy();
  }

  /** Breaks every new connection at once, or no longer. */
  refuse(refusing: boolean): void {
    this.refusing = refusing;
  }

  /** Holds back every byte, in both directions, until told otherwise; connections stay open and are accepted. */
  freeze(frozen: boolean): void {
    this.frozen = frozen;
    for (const pair of this.pairs)
      for (const end of pair)
        if (frozen) end.pause();
        else end.resume();
  }

  /** Delivers everything so many milliseconds late. */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  async close(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, 'close');
  }

  private accept(near: Socket): void {
    near.on('error', () => undefined);
    if (this.refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.target.port, this.target.host);
    const pair = [near, far] as const;
    this.pairs.add(pair);
    this.join(near, far, pair);
    this.join(far, near, pair);
  }

  private join(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (bytes: Buffer) => {
      if (this.delayMs === 0) to.write(bytes);
      else setTimeout(() => to.write(bytes), this.delayMs);
    });
    from.on('close', () => {
      this.pairs.delete(pair);
      to.destroy();
    });
    if (this.frozen) from.pause();
  }
}
