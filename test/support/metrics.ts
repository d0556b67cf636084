/** The sum of all samples of a metric, in the text format of Prometheus, that have these labels. */
export function metricValue(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .map((line) => /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line))
    .filter((sample) => sample?.[1] === name)
    .filter((sample) => wanted.every((pair) => (sample?.[2] ?? '').split(',').includes(pair)))
    .reduce((sum, sample) => sum + Number(sample?.[3]), 0);
}
