// Name and description, alike wherever a token is made or changed.
import { Field } from "./ui";

/** The API's limit, in characters: code points, not UTF-16 units. */
const DESCRIPTION = 350;

/** What is wrong with a name, for a person who is still typing it; null if nothing is. */
export function nameError(name: string): string | null {
  const strange = [...name].find((character) => !/[a-z0-9_-]/.test(character));
  if (strange !== undefined) {
    if (/[A-Z]/.test(strange)) return "Only small letters: a–z";
    return strange === " " ? "No spaces: use - or _" : `No “${strange}”: only a–z, 0–9, - and _`;
  }
  if (/^[-_]/.test(name)) return "Must begin with a letter or digit";
  if (name.length < 3) return "Must have at least 3 characters";
  if (name.length > 50) return `Must have at most 50 characters; this has ${name.length}`;
  return /[-_]$/.test(name) ? "Must end with a letter or digit" : null;
}

export function descriptionError(description: string): string | null {
  const length = [...description].length;
  return length > DESCRIPTION ? `Must have at most ${DESCRIPTION} characters; this has ${length}` : null;
}

export function Description(props: { value: string; error: string | undefined; onChange: (value: string) => void }) {
  return (
    <Field
      label="Description"
      hint="Optional. Who uses this token, and for what?"
      aside={`${[...props.value].length} of ${DESCRIPTION}`}
      error={props.error ?? descriptionError(props.value) ?? undefined}
    >
      {(control) => <textarea {...control} rows={2} value={props.value} onInput={(event) => props.onChange(event.currentTarget.value)} />}
    </Field>
  );
}

/** Puts the reader at the first mistake, once the page shows it. */
export function focusFirstError(): void {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('main [aria-invalid="true"]') ?? document.querySelector<HTMLElement>("main .error:not(:empty)");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  });
}
