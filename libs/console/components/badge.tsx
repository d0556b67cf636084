import type { ComponentChildren } from 'preact';

export type Tone = 'alarm' | 'taken' | 'done' | 'quiet' | 'warn';

/** A state in a word. The word says it; the colour only helps. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
