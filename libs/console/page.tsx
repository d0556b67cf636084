import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** The frame of every page. Nothing in it comes from elsewhere and nothing runs. */
export function Page({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href="/assets/broker.css" />
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** Markup in names and notes is text: the renderer escapes whatever is not a component. */
export const render = (page: VNode): string => `<!doctype html>${renderToString(page)}`;
