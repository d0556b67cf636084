import { withLogContext } from './logging/log-context.ts';

export interface TogetherOptions<Item, Result> {
  /** Does it for all of them, or for none: one result each, in their order. */
  readonly all: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How many rounds may be under way at the same time. */
  readonly rounds: number;
  /** How many go in one round. */
  readonly most: number;
  /** Two that are called the same are never under way at the same time. */
  readonly nameOf: (item: Item) => string;
  /** Failures that would be the same for each of them alone. */
  readonly concernsAll: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets those who want the same at the same moment share a round trip and a commit. Who comes while there is room goes at
 * once and waits for nobody; who comes later goes with all others in the next round. A round that fails is
 * done again for each one alone, so that nobody fails because of somebody else.
 */
export class Together<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private readonly names = new Set<string>();
  private underWay = 0;

  constructor(private readonly options: TogetherOptions<Item, Result>) {}

  /** @throws whatever doing it for this one alone throws. */
  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.begin();
    });
  }

  private begin(): void {
    while (this.underWay < this.options.rounds) {
      const round = this.next();
      if (round.length === 0) return;
      this.underWay += 1;
      // A round is nobody's in particular: what is logged in it must not carry the name of one request.
      void withLogContext({}, () => this.run(round));
    }
  }

  /** Takes those who may go now out of the line. */
  private next(): readonly Waiting<Item, Result>[] {
    const round: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    for (const one of this.waiting) {
      const name = this.options.nameOf(one.item);
      if (round.length >= this.options.most || this.names.has(name)) later.push(one);
      else {
        this.names.add(name);
        round.push(one);
      }
    }
    this.waiting = later;
    return round;
  }

  private async run(round: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      await this.settle(round);
    } catch (error) {
      if (round.length === 1 || this.options.concernsAll(error))
        for (const { reject } of round) reject(error);
      else await Promise.all(round.map((one) => this.settle([one]).catch(one.reject)));
    }
    for (const { item } of round) this.names.delete(this.options.nameOf(item));
    this.underWay -= 1;
    this.begin();
  }

  private async settle(round: readonly Waiting<Item, Result>[]): Promise<void> {
    const results = await this.options.all(round.map(({ item }) => item));
    round.forEach(({ resolve }, n) => resolve(results[n] as Result));
  }
}
