import type { ComponentChildren } from 'preact';

type Kind = 'primary' | 'plain' | 'danger' | 'quiet';

interface ButtonProps {
  readonly kind?: Kind;
  /** Sent with the form, so that one form can have several buttons. */
  readonly name?: string;
  readonly value?: string;
  /** Sends the form elsewhere. */
  readonly action?: string;
  /** The key that presses it, with which a live page's script helps. */
  readonly shortcut?: string;
  readonly autofocus?: boolean;
  /** What it does, where its word alone does not say to what. Begins with that word. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** Sends the form it stands in. */
export function Button({ kind = 'plain', action, shortcut, label, children, ...given }: ButtonProps) {
  return (
    <button
      type="submit"
      class={`button ${kind}`}
      formAction={action}
      data-shortcut={shortcut}
      aria-label={label}
      {...given}
    >
      {children}
    </button>
  );
}

/** A link that looks like a button. Changes nothing: for that there are forms. */
export function ButtonLink({
  kind = 'plain',
  href,
  children,
}: {
  kind?: Kind;
  href: string;
  children: ComponentChildren;
}) {
  return (
    <a class={`button ${kind}`} href={href}>
      {children}
    </a>
  );
}
