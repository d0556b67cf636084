import { rounded, type Distribution } from './statistics.ts';

/** One line of the table: what was measured, and against which limit of the same run. */
export interface Figure {
  readonly benchmark: string;
  readonly shape: string;
  readonly figure: string;
  readonly value: number | Distribution;
  readonly unit: string;
  /** What it is compared with, and the ratio to it. */
  readonly against?: string;
  readonly ratio?: number;
}

export type Report = (figure: Figure) => void;

/** The figure as a line of a table for people. */
export function row({ benchmark, figure, value, unit, against, ratio }: Figure): Record<string, unknown> {
  const spread =
    typeof value === 'number'
      ? { value: rounded(value) }
      : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one as number)]));
  return {
    benchmark,
    figure,
    unit,
    ...spread,
    ...(ratio === undefined ? {} : { against, ratio: rounded(ratio) }),
  };
}
