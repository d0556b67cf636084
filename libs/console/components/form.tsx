import type { ComponentChildren } from 'preact';

import { useView } from '../frame/view.ts';

/** Names of fields that belong to the frame, not to a page. */
export const FORM_TOKEN = '_token';
export const FORM_TITLE = '_title';
export const LABEL_PREFIX = '_label.';

interface FormProps {
  readonly action: string;
  /** What sending it does, for when it has to be asked about again: "Acknowledge alarm 3F2A1B". */
  readonly title?: string;
  readonly class?: string;
  readonly id?: string;
  readonly children: ComponentChildren;
}

/** A form that changes something: always POST, always with the proof that it was made for this session. */
export function Form({ title, children, ...given }: FormProps) {
  const { formToken } = useView();
  return (
    <form method="post" {...given}>
      {formToken !== null && <input type="hidden" name={FORM_TOKEN} value={formToken} />}
      {title !== undefined && <input type="hidden" name={FORM_TITLE} value={title} />}
      {children}
    </form>
  );
}
