import { ButtonLink } from '../components/button.tsx';
import type { Language } from '../language.ts';
import { FRAME_WORDS } from './frame-words.ts';
import type { PageParts } from './frame.tsx';

/** What went wrong, in the words of a person and in the sentence of the error. */
export function problemPage(
  language: Language,
  { status, detail, request_id: requestId }: { status: number; detail: string; request_id: string },
): PageParts {
  const words = FRAME_WORDS[language];
  const title = words.problems[status] ?? words.otherProblem;
  return {
    title,
    content: (
      <section class="narrow">
        <h1>{title}</h1>
        <p lang="en">{detail}</p>
        <p class="quiet small">
          {status} · <code>{requestId}</code>
        </p>
        <p>
          <ButtonLink href="/admin">{words.back}</ButtonLink>
        </p>
      </section>
    ),
  };
}
