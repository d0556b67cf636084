import type { ComponentChildren } from 'preact';

/** Where a list has nothing in it: what that means, and perhaps what to do. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{title}</p>
      {children}
    </div>
  );
}
