// The control for a field, such as a member of a grant, whose value is one name, a list of names, or all names.
import { useRef } from "preact/hooks";
import { ALL, parseValues, type ValuesField } from "./permissions";
import { Field } from "./ui";

/** The values of a field, and the text that is still being typed. */
export interface FieldValue {
  values: string[];
  typed: string;
}

interface Props extends FieldValue {
  field: ValuesField;
  error?: string | undefined;
  onChange: (value: FieldValue) => void;
}

export function Values(props: Props) {
  const { field, values, typed } = props;
  const isAll = field.allLabel !== "" && values[0] === ALL;
  /** What was entered before the user ticked the box for all values. */
  const before = useRef<FieldValue>({ values: [], typed: "" });
  const tick = (isTicked: boolean) => {
    if (isTicked) before.current = { values, typed };
    props.onChange(isTicked ? { values: [ALL], typed: "" } : before.current);
  };
  const control = { ...props, disabled: isAll };
  return (
    <div class="values">
      {field.options ? <Options {...control} /> : field.isList ? <Chips {...control} /> : <SingleValue {...control} />}
      {field.allLabel !== "" && (
        <label class="tick">
          <input type="checkbox" checked={isAll} onChange={(event) => tick(event.currentTarget.checked)} />
          {field.allLabel}
        </label>
      )}
    </div>
  );
}

function hintOf(field: ValuesField): string {
  return [field.hint && `${field.hint}.`, field.example && `For example, ${field.example}.`].filter(Boolean).join(" ");
}

type Control = Props & { disabled: boolean };

function SingleValue({ field, values, error, onChange, disabled }: Control) {
  return (
    <Field label={field.label} hint={hintOf(field)} error={error}>
      {(control) => (
        <input
          {...control}
          value={disabled ? "" : (values[0] ?? "")}
          placeholder={disabled ? field.allLabel : ""}
          disabled={disabled}
          required
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget: { value } }) => onChange({ values: value === "" ? [] : [value], typed: "" })}
        />
      )}
    </Field>
  );
}

function Options({ field, values, error, onChange, disabled }: Control) {
  const toggle = (option: string, on: boolean) => {
    const chosen = field.options?.filter((one) => (one === option ? on : values.includes(one))) ?? [];
    onChange({ values: chosen, typed: "" });
  };
  return (
    <fieldset class="options" disabled={disabled}>
      <legend>{field.label}</legend>
      {field.options?.map((option) => (
        <label key={option} class="tick">
          <input
            type="checkbox"
            checked={values.includes(option)}
            aria-invalid={Boolean(error)}
            onChange={(event) => toggle(option, event.currentTarget.checked)}
          />
          {option}
        </label>
      ))}
      <p class="error" aria-live="polite">
        {error}
      </p>
    </fieldset>
  );
}

function Chips({ field, values, typed, error, onChange, disabled }: Control) {
  const input = useRef<HTMLInputElement>(null);
  const add = (text: string) => onChange({ values: [...values, ...parseValues(text, values)], typed: "" });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      // Enter ends a value, and never sends the form.
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      onChange({ values: values.slice(0, -1), typed });
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    // The control would remove line breaks, and join the values that they separate.
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/[,\n]/.test(text)) return;
    event.preventDefault();
    add(`${typed}${text}`);
  };
  const onInput = (text: string) => (/[,\n]/.test(text) ? add(text) : onChange({ values, typed: text }));
  const remove = (value: string) => {
    input.current?.focus();
    onChange({ values: values.filter((one) => one !== value), typed });
  };
  return (
    <Field label={field.label} hint={`${hintOf(field)} Press Enter or comma after each.`} error={error}>
      {(control) => (
        <div class="chips">
          {!disabled &&
            values.map((value) => (
              <span key={value} class="chip">
                {value}
                <button type="button" aria-label={`Remove ${value}`} onClick={() => remove(value)}>
                  ×
                </button>
              </span>
            ))}
          <input
            {...control}
            ref={input}
            value={disabled ? "" : typed}
            placeholder={disabled ? field.allLabel : ""}
            disabled={disabled}
            required={values.length === 0}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onInput(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
        </div>
      )}
    </Field>
  );
}
