import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  /** A sentence below the control. */
  readonly hint?: string | undefined;
}

/** Connects a control with its label and hint. */
interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
}

/** A control with its label and its hint. */
function Field({
  label,
  hint,
  children,
}: FieldProps & { readonly children: (props: ControlProps) => ComponentChildren }) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': hint === undefined ? undefined : hintId })}
      {hint !== undefined && (
        <span class="field-hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  /** Called with each change, or only with the last one of a search. */
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'search' | 'password' | 'number' | 'datetime-local';
  readonly isMono?: boolean;
  readonly isRequired?: boolean;
  readonly hasFocus?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

/** Takes a line of text, a number or a time. A search and a time are complete with Enter, or when they lose the focus. */
export function TextField(props: TextFieldProps) {
  const { label, hint, value, onChange, type = 'text', isMono = false, isRequired = false, hasFocus = false } = props;
  const { placeholder, maxLength, min, max, step } = props;
  const isLate = type === 'search' || type === 'datetime-local';
  // Keeps the unfinished text: a render meanwhile must not put the old value in its place.
  const [draft, setDraft] = useState<string>();
  const take = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    setDraft(undefined);
    onChange(currentTarget.value);
  };
  const keep = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => setDraft(currentTarget.value);
  return (
    <Field label={label} hint={hint}>
      {(control) => {
        const all = {
          ...control,
          class: isMono ? 'input mono' : 'input',
          autofocus: hasFocus,
          required: isRequired,
          placeholder,
          maxLength,
          min,
          max,
          step,
          value: draft ?? value,
          onInput: isLate ? keep : take,
          onChange: isLate ? take : undefined,
          onBlur: isLate ? () => setDraft(undefined) : undefined,
        };
        switch (type) {
          case 'text':
            return <input {...all} type="text" />;
          case 'search':
            return <input {...all} type="search" />;
          case 'password':
            return <input {...all} type="password" autoComplete="off" />;
          case 'number':
            return <input {...all} type="number" />;
          case 'datetime-local':
            return <input {...all} type="datetime-local" />;
        }
      }}
    </Field>
  );
}

interface TextAreaProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
}

/** Takes a text of several lines, such as JSON. */
export function CodeField({ label, hint, value, onChange, placeholder }: TextAreaProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <textarea
          {...control}
          class="input mono"
          rows={4}
          spellcheck={false}
          placeholder={placeholder}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T | '';
  readonly options: readonly T[];
  /** The text of the empty option; undefined: one of the options must be chosen. */
  readonly none?: string;
  readonly textOf: (option: T) => string;
  readonly onChange: (value: T | undefined) => void;
}

/** Takes one of some values. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, hint, value, options, none, textOf, onChange } = props;
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <select
          {...control}
          class="input"
          value={value}
          onChange={(event) => onChange(options.find((option) => option === event.currentTarget.value))}
        >
          {none !== undefined && <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option} value={option}>
              {textOf(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly textOf: (option: T) => string;
  readonly onChange: (value: T) => void;
}

/** Buttons of which one is chosen. */
export function Segments<T extends string>({ label, value, options, textOf, onChange }: SegmentsProps<T>) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          class="segment"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
        >
          {textOf(option)}
        </button>
      ))}
    </div>
  );
}
