import type { ComponentChildren } from 'preact';

import { LABEL_PREFIX } from './form.tsx';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what was sent. */
  readonly error?: string | undefined;
}

interface TextProps extends FieldProps {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'datetime-local';
  /** Lines; more than one makes it a text area. */
  readonly rows?: number;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  /** In a form that only asks there is nothing to lose. */
  readonly isQuery?: boolean;
}

/** Something to type. Its label is sent along, so that what was typed can be shown again without its page. */
export function TextField({
  name,
  label,
  hint,
  error,
  rows = 1,
  value,
  type = 'text',
  isQuery = false,
  ...given
}: TextProps) {
  const common = { id: `f-${name}`, name, ...described(name, hint, error), ...given };
  return (
    <Labelled name={name} label={label} hint={hint} error={error}>
      {rows > 1 ? (
        <textarea {...common} rows={rows} value={value} />
      ) : (
        <input {...common} {...inputOf(type)} value={value} />
      )}
      {type !== 'password' && !isQuery && (
        <input type="hidden" name={`${LABEL_PREFIX}${name}`} value={label} />
      )}
    </Labelled>
  );
}

/** The types of Preact ask for the role each kind of input may have, and there is none here. */
const inputOf = (type: TextProps['type']) => ({ type }) as { type: 'password' };

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectProps extends FieldProps {
  readonly value?: string | undefined;
  readonly options: readonly Option[];
}

/** One of several. */
export function SelectField({ name, label, hint, error, value, options }: SelectProps) {
  return (
    <Labelled name={name} label={label} hint={hint} error={error}>
      <select id={`f-${name}`} name={name} {...described(name, hint, error)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Yes or no; sent as `on`, or not at all. */
export function CheckField({ name, label, checked }: { name: string; label: string; checked?: boolean }) {
  return (
    <label class="check">
      <input type="checkbox" name={name} checked={checked} /> {label}
    </label>
  );
}

function Labelled({ name, label, hint, error, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={`f-${name}`}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="hint" id={`f-${name}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`f-${name}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

function described(name: string, hint: string | undefined, error: string | undefined) {
  const ids = [hint && `f-${name}-hint`, error && `f-${name}-error`].filter(Boolean);
  return {
    'aria-describedby': ids.length === 0 ? undefined : ids.join(' '),
    'aria-invalid': error === undefined ? undefined : true,
  };
}
