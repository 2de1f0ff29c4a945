// The fields for the name, description and owner of a token, and their validation.
import { useState } from "preact/hooks";
import { Field } from "./ui";

/** The API's limits, in Unicode code points. */
const MAX_DESCRIPTION = 350;
const MAX_OWNER = 100;

/** Returns an error message for a name, or null if it is valid. */
export function nameError(name: string): string | null {
  const invalid = [...name].find((character) => !/[a-z0-9_-]/.test(character));
  if (invalid !== undefined) {
    if (/[A-Z]/.test(invalid)) return "Use lowercase letters only";
    return invalid === " " ? "Use - or _ instead of spaces" : `Use only a–z, 0–9, - and _, not “${invalid}”`;
  }
  if (/^[-_]/.test(name)) return "Start with a letter or digit";
  if (name.length < 3) return "Enter at least 3 characters";
  if (name.length > 50) return `Enter at most 50 characters, not ${name.length}`;
  return /[-_]$/.test(name) ? "End with a letter or digit" : null;
}

/** Returns an error message for a description, or null if it is valid. */
export function descriptionError(description: string): string | null {
  const length = [...description].length;
  return length > MAX_DESCRIPTION ? `Enter at most ${MAX_DESCRIPTION} characters, not ${length}` : null;
}

/** Returns an error message for an owner, or null if it is valid. */
export function ownerError(owner: string): string | null {
  const length = [...owner].length;
  return length > MAX_OWNER ? `Enter at most ${MAX_OWNER} characters, not ${length}` : null;
}

/** Calls `then`, but only after a click that is in progress, because an error that appears would move the clicked button. */
function afterClick(then: () => void): void {
  if (document.querySelector(":active")) addEventListener("pointerup", () => setTimeout(then), { once: true });
  else then();
}

/** The name of a new token. No error is shown while the user types it for the first time. */
export function Name(props: {
  value: string;
  showError: boolean;
  violation: string | undefined;
  onChange: (value: string) => void;
}) {
  const [left, setLeft] = useState(false);
  const mayShowError = props.showError || (left && props.value !== "");
  return (
    <Field
      label="Name"
      hint="3–50 characters: a–z, 0–9, - and _. You can’t change it later."
      aside={`${props.value.length} of 50`}
      error={(mayShowError ? nameError(props.value) : null) ?? props.violation}
    >
      {(control) => (
        <input
          {...control}
          value={props.value}
          required
          autocomplete="off"
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => props.onChange(event.currentTarget.value)}
          onBlur={() => afterClick(() => setLeft(true))}
        />
      )}
    </Field>
  );
}

export function Description(props: { value: string; error: string | undefined; onChange: (value: string) => void }) {
  return (
    <Field
      label="Description"
      hint="Optional. Who uses this token, and for what?"
      aside={`${[...props.value].length} of ${MAX_DESCRIPTION}`}
      error={props.error ?? descriptionError(props.value) ?? undefined}
    >
      {(control) => (
        <textarea
          {...control}
          rows={2}
          value={props.value}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function Owner(props: { value: string; error: string | undefined; onChange: (value: string) => void }) {
  return (
    <Field
      label="Owner"
      hint="Optional. The person or team responsible for this token."
      error={props.error ?? ownerError(props.value) ?? undefined}
    >
      {(control) => (
        <input
          {...control}
          value={props.value}
          autocomplete="off"
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Moves the focus to the first error, after the page has rendered it. */
export function focusFirstError(): void {
  requestAnimationFrame(() => {
    const first =
      document.querySelector<HTMLElement>('main [aria-invalid="true"]') ??
      document.querySelector<HTMLElement>("main .error:not(:empty)");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  });
}
