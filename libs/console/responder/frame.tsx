import type { ComponentChildren } from 'preact';

import type { Language } from '../language.ts';
import { addressOf, SCRIPT, STYLESHEET } from './assets.ts';

export interface FrameProps {
  readonly language: Language;
  readonly title: string;
  /** What the stylesheet colours the page by. */
  readonly state: string;
  /** Whether a script keeps it up to date, where scripts run. */
  readonly isLive?: boolean;
  readonly children: ComponentChildren;
}

/** The frame of the responder's pages: as little as a phone can get by with. */
export function Frame({ language, title, state, isLive = false, children }: FrameProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="stylesheet" href={addressOf(STYLESHEET)} />
        {isLive && <script src={addressOf(SCRIPT)} defer />}
      </head>
      <body>
        <main class={state}>{children}</main>
      </body>
    </html>
  );
}
