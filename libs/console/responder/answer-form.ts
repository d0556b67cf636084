import { MAX_ACTOR, MAX_NOTE } from '#alarms';
import { cleanLine, isId } from '#platform';

/** What a form may ask for. */
export const ACTIONS = ['acknowledge', 'on-way', 'there', 'note', 'resolve', 'cancel'] as const;
export type Action = (typeof ACTIONS)[number];

/** A form of the page as it was sent, or a request made in its likeness, as by the button of a push message. */
export interface AnswerForm {
  /** Acknowledging unless it says otherwise; nothing for a word that means nothing here. */
  readonly action: Action | undefined;
  readonly name: string | null;
  /** Whether a name was asked for at all. */
  readonly hasName: boolean;
  readonly note: string | null;
  readonly noteId: string | undefined;
}

/** Never fails: what is too long is cut, because somebody in a hurry is not sent back. */
export function answerForm(body: unknown): AnswerForm {
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const text = (name: string, maxLength: number): string => {
    const value = fields[name];
    return typeof value === 'string' ? cleanLine(value, maxLength, ' ') : '';
  };
  const action = text('action', 20) || 'acknowledge';
  const said = [text('reason', MAX_NOTE), text('note', MAX_NOTE)].filter((part) => part !== '').join('. ');
  const noteId = text('note_id', 36);
  return {
    action: ACTIONS.find((known) => known === action),
    name: text('acked_by', MAX_ACTOR) || null,
    hasName: typeof fields['acked_by'] === 'string',
    note: cleanLine(said, MAX_NOTE) || null,
    noteId: isId(noteId) ? noteId : undefined,
  };
}
