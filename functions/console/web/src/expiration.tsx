// The expiration of a token: a number of days, a date and time in the user's time zone, or none.
import { useState } from "preact/hooks";
import type { Expiration } from "./api";
import { DAY, formatDateTime, formatLong, formatRelative, fromLocalInput, toApi, toLocalInput } from "./time";
import { Field, Notice } from "./ui";

/** The API's own maximum lifetime, in days. */
const MAX_DAYS = 3650;
const PRESETS = [7, 30, 60, 90];

export interface Choice {
  /** A number of days, or `custom`, or `never`. */
  kind: string;
  /** The value of the custom date and time control. */
  custom: string;
}

/** Returns the default of the form. `maxLifetimeDays` is the deployment's maximum; 0 for none. */
export function defaultChoice(maxLifetimeDays: number): Choice {
  const days = Math.min(30, maxLifetimeDays || 30);
  const preset = PRESETS.findLast((preset) => preset <= days);
  return { kind: String(preset ?? "custom"), custom: toLocalInput(new Date(Date.now() + days * DAY)) };
}

export function toExpiration(choice: Choice): Expiration {
  if (choice.kind === "never") return { expiresAt: null };
  if (choice.kind !== "custom") return { expiresInDays: Number(choice.kind) };
  const date = fromLocalInput(choice.custom);
  return { expiresAt: date ? toApi(date) : choice.custom };
}

/** Returns an error message for the choice, or null if it is valid. */
export function expirationError(choice: Choice, maxLifetimeDays: number): string | null {
  if (choice.kind !== "custom") return null;
  const date = fromLocalInput(choice.custom);
  if (date === null) return "Enter a date and time";
  if (date.getTime() <= Date.now()) return "Enter a time in the future";
  const days = maxLifetimeDays || MAX_DAYS;
  if (date.getTime() > Date.now() + days * DAY) return `Enter a time within ${days} days from now`;
  return null;
}

export function ExpirationForm(props: { choice: Choice; maxLifetimeDays: number; error: string | undefined; onChange: (choice: Choice) => void }) {
  const { choice, maxLifetimeDays, onChange } = props;
  // Read once, so that the displayed expiration does not change while the form is open.
  const [opened] = useState(Date.now);
  const chosen = choice.kind === "custom" ? fromLocalInput(choice.custom) : choice.kind === "never" ? null : new Date(opened + Number(choice.kind) * DAY);
  return (
    <div class="expiration">
      <Field
        label="Expiration"
        error={choice.kind === "custom" ? undefined : props.error}
        hint={
          chosen ? (
            <>
              Expires on <strong>{formatLong(chosen)}</strong>, {formatRelative(chosen)}.
            </>
          ) : undefined
        }
      >
        {(control) => (
          <select {...control} value={choice.kind} onChange={(event) => onChange({ ...choice, kind: event.currentTarget.value })}>
            {PRESETS.filter((days) => maxLifetimeDays === 0 || days <= maxLifetimeDays).map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
            <option value="custom">Custom date and time</option>
            {maxLifetimeDays === 0 && <option value="never">No expiration</option>}
          </select>
        )}
      </Field>
      {choice.kind === "custom" && (
        <Field label="Date and time" error={props.error} hint={`In your time zone.${maxLifetimeDays ? ` At most ${maxLifetimeDays} days from now.` : ""}`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={choice.custom}
              min={toLocalInput(new Date())}
              max={toLocalInput(new Date(Date.now() + (maxLifetimeDays || MAX_DAYS) * DAY))}
              onInput={(event) => onChange({ ...choice, custom: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {choice.kind === "never" && (
        <Notice kind="warning">This token works until someone deletes or regenerates it. Set an expiration to limit the damage if it leaks.</Notice>
      )}
    </div>
  );
}

/** Returns an expiration as a sentence, without a full stop. */
export function describeExpiration(expiresAt: string | null): string {
  if (expiresAt === null) return "Never expires";
  const past = new Date(expiresAt).getTime() <= Date.now();
  return `${past ? "Expired" : "Expires"} ${formatRelative(expiresAt)}, on ${formatDateTime(expiresAt)}`;
}
