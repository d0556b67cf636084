import { Inject, Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';

import { Reading } from './reading.ts';

export const FIGURES_MAX_AGE_MS = Symbol('how old an answer that gauges show may be');

/** The value of a gauge for these labels. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A gauge that shows a part of an answer. */
export interface Figure<Answer> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly samples: (answer: Answer) => readonly Sample[];
}

/** Gauges that are asked for their values when somebody scrapes. */
@Injectable()
export class Figures {
  constructor(@Inject(FIGURES_MAX_AGE_MS) private readonly maxAgeMs: number) {}

  /** Shows what this process knows about itself. Over all processes the sum is the whole. */
  own<Answer>(know: () => Answer, figures: readonly Figure<Answer>[]): void {
    for (const figure of figures) declare(figure, () => figure.samples(know()));
  }

  /**
   * Shows parts of one answer that is the same whoever asks. While there is none, there are no figures: an old one
   * would look like a true one.
   */
  shared<Answer>(ask: () => Promise<Answer>, figures: readonly Figure<Answer>[]): void {
    const reading = new Reading(ask, this.maxAgeMs);
    for (const figure of figures) {
      declare(figure, async () => {
        const answer = await reading.get();
        return answer === undefined ? [] : figure.samples(answer);
      });
    }
  }
}

function declare(
  { name, help, labels = [] }: Omit<Figure<never>, 'samples'>,
  look: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  // Of an application that was built before in this process, and is asked no more.
  register.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    async collect() {
      const samples = await look();
      this.reset();
      // A gauge without labels is 0 after a reset, which would be a figure.
      if (labels.length === 0) this.remove();
      for (const [values, value] of samples) this.set(values, value);
    },
  });
}
