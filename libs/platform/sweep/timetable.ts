/** Rows due within the same moment share a timer. */
const MOMENT_MS = 20;

/**
 * Remembers for a moment which rows become due when, and names them at that time, by a timer of this process. Noting a
 * row twice changes nothing. Whatever is forgotten here, because the process dies, stands in PostgreSQL all the same.
 */
export class Timetable {
  private readonly moments = new Map<number, { readonly ids: Set<string>; readonly timer: NodeJS.Timeout }>();

  /** @param due is told of rows whose time has come; must not throw. */
  constructor(private readonly due: (ids: readonly string[]) => void) {}

  /** @param now by the clock that `at` was made by. */
  note(id: string, at: Date, now: Date): void {
    const moment = Math.ceil(at.getTime() / MOMENT_MS);
    const noted = this.moments.get(moment);
    if (noted !== undefined) noted.ids.add(id);
    else {
      const delay = Math.max(0, moment * MOMENT_MS - now.getTime());
      this.moments.set(moment, { ids: new Set([id]), timer: setTimeout(() => this.ring(moment), delay) });
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const { timer } of this.moments.values()) clearTimeout(timer);
    this.moments.clear();
  }

  private ring(moment: number): void {
    const noted = this.moments.get(moment);
    this.moments.delete(moment);
    if (noted !== undefined) this.due([...noted.ids]);
  }
}
