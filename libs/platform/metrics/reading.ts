import { within } from '../clock/within.ts';

/** Longer than any answer takes from a server that is well, and short beside the time-out of a scrape. */
const TIME_LIMIT_MS = 1000;

/**
 * A question whose answer is good for a moment: asked once, however many want to know, and never again before it is
 * answered. Anybody may scrape, and nobody shall load the database by doing so.
 */
export class Reading<Answer> {
  private latest: { readonly askedAt: number; readonly answer: Answer } | undefined;
  private pending: Promise<Answer> | undefined;

  constructor(
    private readonly ask: () => Promise<Answer>,
    private readonly maxAgeMs: number,
  ) {}

  /** @returns nothing when the question fails, or is not answered within a second. Never rejects. */
  async get(): Promise<Answer | undefined> {
    if (this.latest !== undefined && performance.now() - this.latest.askedAt < this.maxAgeMs)
      return this.latest.answer;
    this.pending ??= this.askNow();
    return within(TIME_LIMIT_MS, this.pending);
  }

  private async askNow(): Promise<Answer> {
    const askedAt = performance.now();
    try {
      const answer = await this.ask();
      this.latest = { askedAt, answer };
      return answer;
    } finally {
      this.pending = undefined;
    }
  }
}
