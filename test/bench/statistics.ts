/** The value below which this share of all values lies (nearest rank); NaN for none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function distribution(values: Iterable<number>): Distribution {
  const sorted = Float64Array.from(values).sort();
  const all = [...sorted];
  return {
    count: all.length,
    mean: all.reduce((sum, value) => sum + value, 0) / all.length,
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
    p999: percentile(all, 0.999),
    max: all.at(-1) ?? NaN,
  };
}

/** For tables: three significant digits are more than such a figure is worth. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
