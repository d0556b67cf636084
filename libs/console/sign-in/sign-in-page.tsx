import { Button, ButtonLink } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { Form, FORM_TITLE, FORM_TOKEN, LABEL_PREFIX } from '../components/form.tsx';
import { Notice } from '../components/notice.tsx';
import type { Fields } from '../frame/fields.ts';
import type { PageParts } from '../frame/frame.tsx';
import type { Visit } from '../frame/visit.ts';
import type { Words } from '../language.ts';
import { SIGN_IN_WORDS, type SignInWords } from './sign-in-words.ts';

/** Fields of a form that had to wait for somebody to sign in travel under this prefix. */
const KEPT_PREFIX = 'kept.';

export const MAX_CALLED = 120;
const MAX_KEY = 1000;

interface SignInState {
  /** Where they want to go, or what they wanted to send. */
  readonly to: string;
  /** The form that was sent to `to` is kept and shown again afterwards. */
  readonly keepsForm?: boolean;
  readonly error?: string | undefined;
}

/** Asks for a key. */
export function signInPage(visit: Visit, { to, keepsForm = false, error }: SignInState): PageParts {
  const words = SIGN_IN_WORDS[visit.language];
  const kept = keepsForm ? sentFields(visit.fields) : keptFields(visit.fields);
  return {
    title: words.title,
    content: (
      <Form action="/admin/sign-in" class="narrow card sign-in">
        <h1>{words.title}</h1>
        {keepsForm && <Notice kind="bad">{words.ended}</Notice>}
        {error !== undefined && <Notice kind="bad">{error}</Notice>}
        <input type="hidden" name="to" value={to} />
        {kept.map(([name, value]) => (
          <input type="hidden" name={`${KEPT_PREFIX}${name}`} value={value} />
        ))}
        <TextField
          name="key"
          type="password"
          label={words.key}
          hint={words.keyHint}
          autocomplete="current-password"
          maxLength={MAX_KEY}
          required
          autofocus
        />
        <TextField
          name="called"
          label={words.called}
          hint={words.calledHint}
          autocomplete="name"
          maxLength={MAX_CALLED}
          value={visit.fields.raw('called')}
        />
        <Button kind="primary">{words.signIn}</Button>
      </Form>
    ),
  };
}

/** A form that could not be taken, as it was filled in: nothing typed is lost, and nothing is sent unseen. */
export function keptFormPage(visit: Visit, action: string): PageParts {
  const words = SIGN_IN_WORDS[visit.language];
  const sent = sentFields(visit.fields);
  return pageOf(words, action, sent.length > 0 ? sent : keptFields(visit.fields));
}

/** The same once somebody has signed in again. */
export const resumedFormPage = (language: keyof Words<unknown>, action: string, fields: Fields): PageParts =>
  pageOf(SIGN_IN_WORDS[language], action, keptFields(fields));

/** Whether a form waits behind a sign-in. */
export const hasKeptForm = (fields: Fields): boolean => keptFields(fields).length > 0;

type Field = readonly [name: string, value: string];

const sentFields = (fields: Fields): Field[] =>
  fields.entries().filter(([name]) => name !== FORM_TOKEN && !name.startsWith(KEPT_PREFIX));

const keptFields = (fields: Fields): Field[] =>
  fields
    .entries()
    .filter(([name]) => name.startsWith(KEPT_PREFIX))
    .map(([name, value]) => [name.slice(KEPT_PREFIX.length), value]);

function pageOf(words: SignInWords, action: string, fields: readonly Field[]): PageParts {
  const labels = new Map(
    fields
      .filter(([name]) => name.startsWith(LABEL_PREFIX))
      .map(([name, value]) => [name.slice(LABEL_PREFIX.length), value]),
  );
  const title = fields.find(([name]) => name === FORM_TITLE)?.[1];
  const content = fields.filter(([name]) => !name.startsWith(LABEL_PREFIX) && name !== FORM_TITLE);
  return {
    title: words.notSent,
    content: (
      <Form action={action} class="narrow card" {...(title === undefined ? {} : { title })}>
        <h1>{words.notSent}</h1>
        <p>{words.notSentHint}</p>
        {title !== undefined && (
          <p>
            <strong>{title}</strong>
          </p>
        )}
        {content.map(([name, value]) => {
          const label = labels.get(name);
          return label === undefined ? (
            <input type="hidden" name={name} value={value} />
          ) : (
            <TextField name={name} label={label} value={value} rows={3} />
          );
        })}
        <div class="actions">
          <Button kind="primary">{words.send}</Button>
          <ButtonLink href="/admin">{words.doNotSend}</ButtonLink>
        </div>
      </Form>
    ),
  };
}
