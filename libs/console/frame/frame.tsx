import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';

import { mayAct } from '#access';

import { asset } from '../assets.ts';
import { Button } from '../components/button.tsx';
import { Form } from '../components/form.tsx';
import { Notice } from '../components/notice.tsx';
import { entryOf, NAV } from './nav.ts';
import { FRAME_WORDS } from './frame-words.ts';
import { useView, useWords, ViewProvider, type View } from './view.ts';

/** Something to tell after an action, above the next page. */
export interface Message {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

export interface PageParts {
  readonly title: string;
  readonly content: ComponentChildren;
  /**
   * Where the page hears that it is out of date, such as {@link LIVE}: it then fetches itself and puts what has changed
   * into its elements marked `data-live`.
   */
  readonly live?: string | undefined;
}

/** Everything that happens to alarms. For one of them: `${LIVE}?alarm_id=…`. */
export const LIVE = '/admin/live';

/** A page as a document. */
export function renderPage(view: View, parts: PageParts, message?: Message): string {
  const document = (
    <ViewProvider value={view}>
      <Document {...parts} message={message} />
    </ViewProvider>
  );
  return `<!doctype html>${renderToString(document)}`;
}

function Document({ title, content, message, live }: PageParts & { message: Message | undefined }) {
  const view = useView();
  const words = useWords(FRAME_WORDS);
  return (
    <html lang={view.language} data-now={view.now.toISOString()} data-live-feed={live}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Alarm Broker`}</title>
        <link rel="stylesheet" href={asset('console.css')} />
        <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
        <script type="module" src={asset('console.js')} />
        {live !== undefined && (
          <noscript>
            <meta http-equiv="refresh" content="10" />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        {view.simulated && <p class="simulated">{words.simulated}</p>}
        <header class="top">
          <a class="brand" href="/admin">
            Alarm Broker
          </a>
          {view.principal !== null && <Nav />}
          {view.principal !== null && <WhoIsHere />}
        </header>
        {live !== undefined && <Connection />}
        <main id="content" tabIndex={-1}>
          {message !== undefined && <Notice kind={message.kind}>{message.text}</Notice>}
          {content}
        </main>
      </body>
    </html>
  );
}

function Nav() {
  const { principal, address, language } = useView();
  const current = entryOf(address);
  const entries = NAV.filter((entry) => principal !== null && mayAct(principal, entry.role));
  return (
    <nav aria-label={useWords(FRAME_WORDS).nav}>
      {entries.map((entry) => (
        <a href={entry.path} key={entry.path} aria-current={entry === current ? 'page' : undefined}>
          {entry.words[language]}
        </a>
      ))}
    </nav>
  );
}

function WhoIsHere() {
  const { principal } = useView();
  const words = useWords(FRAME_WORDS);
  if (principal === null) return null;
  return (
    <Form action="/admin/sign-out" class="who">
      <span class="who-name">
        <bdi>{principal.displayName}</bdi> <span class="quiet">{words.roles[principal.role]}</span>
      </span>
      <Button kind="quiet">{words.signOut}</Button>
    </Form>
  );
}

/** Says at once when a live page has stopped being one. The script shows what applies. */
function Connection() {
  const words = useWords(FRAME_WORDS);
  return (
    <div class="connection" id="connection" role="alert" data-state="unknown">
      <p data-when="lost">
        <strong>{words.lost}</strong> <span>{words.lostHint}</span>
      </p>
      <p data-when="signed-out">
        <strong>{words.signedOut}</strong> <a href="">{words.signInAgain}</a>
      </p>
    </div>
  );
}
