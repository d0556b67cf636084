import { pageOf, type EventFilter, type LiveEntry, type Page } from './live-entry.ts';

/** The newest entries, shared by all readers, so that those who keep up cost the database nothing. */
export class RecentEntries {
  private entries: LiveEntry[] = [];

  /** @param since everything after this is here, until it is pushed out. */
  constructor(
    private readonly capacity: number,
    private since: bigint,
  ) {}

  /** In order, each after all that were added before. */
  add(entries: readonly LiveEntry[]): void {
    this.entries.push(...entries);
    const pushedOut = this.entries.splice(0, this.entries.length - this.capacity);
    this.since = pushedOut.at(-1)?.seq ?? this.since;
  }

  /** @returns what follows the position; nothing when some of that is no longer here. */
  after(position: bigint, filter: EventFilter): Page | undefined {
    if (position < this.since) return undefined;
    const following = this.entries.slice(this.entries.findLastIndex((entry) => entry.seq <= position) + 1);
    return pageOf(following, filter, following.at(-1)?.seq ?? position);
  }
}
