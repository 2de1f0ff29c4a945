// When a token stops working: a number of days, a moment of one's own in local time, or never.
import { useState } from "preact/hooks";
import type { Expiration } from "./api";
import { DAY, formatDateTime, fromLocalInput, formatLong, formatRelative, toApi, toLocalInput } from "./time";
import { Field, Notice } from "./ui";

/** The longest that any deployment allows, in days. */
const MAX_DAYS = 3650;
const PRESETS = [7, 30, 60, 90];

export interface Choice {
  /** A number of days, or `custom`, or `never`. */
  kind: string;
  /** The value of the custom control. */
  moment: string;
}

/** `maxLifetimeDays` is the deployment's maximum lifetime in days; 0 for none. */
export function defaultChoice(maxLifetimeDays: number): Choice {
  const days = PRESETS.findLast((preset) => preset <= Math.min(30, maxLifetimeDays || 30));
  return { kind: String(days ?? "custom"), moment: toLocalInput(new Date(Date.now() + (maxLifetimeDays && maxLifetimeDays < 30 ? maxLifetimeDays : 30) * DAY)) };
}

export function toExpiration(choice: Choice): Expiration {
  if (choice.kind === "never") return { expiresAt: null };
  if (choice.kind !== "custom") return { expiresInDays: Number(choice.kind) };
  const moment = fromLocalInput(choice.moment);
  return { expiresAt: moment ? toApi(moment) : choice.moment };
}

/** What is wrong with the choice, for a person; null if nothing is. */
export function expirationError(choice: Choice, maxLifetimeDays: number): string | null {
  if (choice.kind !== "custom") return null;
  const moment = fromLocalInput(choice.moment);
  if (moment === null) return "Choose a date and a time";
  if (moment.getTime() <= Date.now()) return "Must lie in the future";
  const most = maxLifetimeDays || MAX_DAYS;
  if (moment.getTime() > Date.now() + most * DAY) return `Must be at most ${most} days from now`;
  return null;
}

export function ExpirationForm(props: { choice: Choice; maxLifetimeDays: number; error: string | undefined; onChange: (choice: Choice) => void }) {
  const { choice, maxLifetimeDays, onChange } = props;
  // The moment moves on while one looks at it; by the minute is near enough.
  const [opened] = useState(Date.now);
  const chosen = choice.kind === "custom" ? fromLocalInput(choice.moment) : choice.kind === "never" ? null : new Date(opened + Number(choice.kind) * DAY);
  return (
    <div class="expiration">
      <Field
        label="Expiration"
        error={choice.kind === "custom" ? undefined : props.error}
        hint={
          chosen ? (
            <>
              Stops working on <strong>{formatLong(chosen)}</strong>, {formatRelative(chosen)}.
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
        <Field label="Date and time" error={props.error} hint={`In your time zone${maxLifetimeDays ? `; at most ${maxLifetimeDays} days from now` : ""}`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={choice.moment}
              min={toLocalInput(new Date())}
              max={toLocalInput(new Date(Date.now() + (maxLifetimeDays || MAX_DAYS) * DAY))}
              onInput={(event) => onChange({ ...choice, moment: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {choice.kind === "never" && (
        <Notice kind="warning">A token that never expires works until somebody deletes or regenerates it, whoever holds it. An expiration limits what a leak can do.</Notice>
      )}
    </div>
  );
}

/** A record's expiration in a sentence. */
export function describeExpiration(expiresAt: string | null): string {
  if (expiresAt === null) return "Never expires";
  const past = new Date(expiresAt).getTime() <= Date.now();
  return `${past ? "Expired" : "Expires"} ${formatRelative(expiresAt)}, on ${formatDateTime(expiresAt)}`;
}
