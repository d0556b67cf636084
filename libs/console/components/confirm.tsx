import type { ComponentChildren } from 'preact';

import { useWords } from '../frame/view.ts';
import type { Words } from '../language.ts';
import { Button, ButtonLink } from './button.tsx';
import { Form } from './form.tsx';

const WORDS: Words<{ cancel: string }> = { en: { cancel: 'Cancel' }, de: { cancel: 'Abbrechen' } };

interface ConfirmProps {
  /** "Cancel 12 alarms as false?" */
  readonly question: string;
  /** Says what the button does: "Cancel 12 alarms". */
  readonly doIt: string;
  readonly dangerous?: boolean;
  readonly action: string;
  /** Where one goes who does not want it. */
  readonly back: string;
  /** What is affected, and what may still be said about it. */
  readonly children?: ComponentChildren;
}

/** Asks before something is done. A page of its own, so that it needs no script and no focus trap. */
export function Confirm({ question, doIt, dangerous = false, action, back, children }: ConfirmProps) {
  return (
    <Form action={action} title={doIt} class="confirm narrow">
      <h1>{question}</h1>
      {children}
      <div class="actions">
        <Button kind={dangerous ? 'danger' : 'primary'} autofocus>
          {doIt}
        </Button>
        <ButtonLink href={back}>{useWords(WORDS).cancel}</ButtonLink>
      </div>
    </Form>
  );
}
