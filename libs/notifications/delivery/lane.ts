/** Ids beyond this are forgotten here; the sweep brings them back when there is room. */
const MAX_WAITING = 50_000;

/** Sends that are over and not written down yet: what comes back while PostgreSQL is slow. Then nothing more is sent. */
const MAX_UNRECORDED = 200;

/**
 * The sends of one channel in this process: at most `width` at once, the others wait their turn. Each channel
 * has its own, so one that hangs delays nobody else.
 *
 * @typeParam Claimed what a claimed row looks like.
 */
export class Lane<Claimed> {
  private readonly waiting = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private sending = 0;
  private filling: Promise<void> | undefined;
  private closed = false;

  /**
   * @param claim takes rows for this process; those it does not return are somebody else's or not due.
   * @param deliver sends one, says when that is over, and records the result; never rejects.
   */
  constructor(
    private readonly width: number,
    private readonly claim: (ids: readonly string[]) => Promise<readonly Claimed[]>,
    private readonly deliver: (row: Claimed, sent: () => void) => Promise<void>,
  ) {}

  /** True while work is at hand that needs no looking for. */
  get isBusy(): boolean {
    return this.waiting.size > 0;
  }

  /** @returns how many of the ids were not waiting already. */
  offer(ids: readonly string[]): number {
    if (this.closed) return 0;
    const before = this.waiting.size;
    for (const id of ids) if (this.waiting.size < MAX_WAITING) this.waiting.add(id);
    const added = this.waiting.size - before;
    this.fill();
    return added;
  }

  /** Waits until nothing is waiting or under way. */
  async idle(): Promise<void> {
    while (this.filling !== undefined || this.underWay.size > 0) {
      await Promise.all([this.filling, ...this.underWay]);
    }
  }

  /** Starts nothing more and waits for the sends under way; each is bounded by its own time limit. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    await this.idle();
  }

  /** Places nobody has. */
  private get free(): number {
    const unrecorded = this.underWay.size - this.sending;
    return Math.min(this.width - this.sending, MAX_UNRECORDED - unrecorded);
  }

  private fill(): void {
    this.filling ??= this.fillOnce().finally(() => {
      this.filling = undefined;
      if (this.waiting.size > 0 && this.free > 0) this.fill();
    });
  }

  private async fillOnce(): Promise<void> {
    const { free } = this;
    const ids: string[] = [];
    for (const id of this.waiting) {
      if (ids.length >= free) break;
      ids.push(id);
      this.waiting.delete(id);
    }
    if (ids.length === 0) return;
    const rows = await this.claim(ids);
    for (const row of rows) this.start(row);
  }

  /** Whoever comes next has the place as soon as the send is over; that is written down meanwhile. */
  private start(row: Claimed): void {
    let isSending = true;
    const sent = (): void => {
      if (!isSending) return;
      isSending = false;
      this.sending -= 1;
      this.fill();
    };
    this.sending += 1;
    const delivery = this.deliver(row, sent).finally(() => {
      this.underWay.delete(delivery);
      sent();
      this.fill();
    });
    this.underWay.add(delivery);
  }
}
