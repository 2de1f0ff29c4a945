// The control for one field of a grant: a value, a list of values, or all values.
import { useState } from "preact/hooks";
import { ALL, type GrantField } from "./permissions";
import { Field } from "./ui";

export function Values(props: {
  field: GrantField;
  values: string[];
  error?: string | undefined;
  onChange: (values: string[]) => void;
}) {
  const { field, values } = props;
  const isAll = values[0] === ALL;
  const allCheckbox = field.allLabel !== "" && (
    <label class="tick">
      <input
        type="checkbox"
        checked={isAll}
        onChange={(event) => props.onChange(event.currentTarget.checked ? [ALL] : [])}
      />
      {field.allLabel}
    </label>
  );
  return (
    <div class="values">
      {field.options ? (
        <Options {...props} disabled={isAll} />
      ) : field.isList ? (
        <Chips {...props} disabled={isAll} />
      ) : (
        <SingleValue {...props} disabled={isAll} />
      )}
      {allCheckbox}
    </div>
  );
}

function hintOf(field: GrantField): string {
  return `${field.hint ? `${field.hint}. ` : ""}For example, ${field.example}.`;
}

type Control = Parameters<typeof Values>[0] & { disabled: boolean };

function SingleValue({ field, values, error, onChange, disabled }: Control) {
  return (
    <Field label={field.label} hint={hintOf(field)} error={error}>
      {(control) => (
        <input
          {...control}
          value={disabled ? "" : (values[0] ?? "")}
          placeholder={disabled ? field.allLabel : ""}
          disabled={disabled}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value === "" ? [] : [event.currentTarget.value])}
        />
      )}
    </Field>
  );
}

function Options({ field, values, error, onChange, disabled }: Control) {
  const toggle = (option: string, on: boolean) =>
    onChange(field.options?.filter((one) => (one === option ? on : values.includes(one))) ?? []);
  return (
    <fieldset class="options" disabled={disabled}>
      <legend>{field.label}</legend>
      {field.options?.map((option) => (
        <label key={option} class="tick">
          <input
            type="checkbox"
            checked={values.includes(option)}
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

function Chips({ field, values, error, onChange, disabled }: Control) {
  const [draft, setDraft] = useState("");
  const addValues = (text: string) => {
    const fresh = text
      .split(/[,\n]/)
      .map((value) => value.trim())
      .filter((value) => value !== "");
    const known = new Set(values);
    onChange([...values, ...fresh.filter((value, index) => !known.has(value) && fresh.indexOf(value) === index)]);
    setDraft("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && draft.trim() !== "") {
      event.preventDefault();
      addValues(draft);
    } else if (event.key === "Backspace" && draft === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const onInput = (text: string) => (/[,\n]/.test(text) ? addValues(text) : setDraft(text));
  return (
    <Field label={field.label} hint={`${hintOf(field)} Press Enter or comma after each.`} error={error}>
      {(control) => (
        <div class="chips">
          {!disabled &&
            values.map((value) => (
              <span key={value} class="chip">
                {value}
                <button
                  type="button"
                  aria-label={`Remove ${value}`}
                  onClick={() => onChange(values.filter((one) => one !== value))}
                >
                  ×
                </button>
              </span>
            ))}
          <input
            {...control}
            value={draft}
            placeholder={disabled ? field.allLabel : ""}
            disabled={disabled}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onInput(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onBlur={() => draft.trim() !== "" && addValues(draft)}
          />
        </div>
      )}
    </Field>
  );
}
