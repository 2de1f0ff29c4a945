// The choice of an expiration: a number of days, a date and time, none, or the same lifetime as before.
import { useState } from "preact/hooks";
import type { Expiration, TokenRecord } from "./api";
import { settings } from "./settings";
import {
  DAY,
  formatDateTime,
  formatLong,
  formatRelative,
  fromLocalInput,
  HOUR,
  MINUTE,
  toApi,
  toLocalInput,
} from "./time";
import { Field, Notice } from "./ui";

/** The maximum lifetime in days: the deployment's, or else the API's own. */
const MAX_DAYS = settings.maxLifetimeDays || 3650;
const MAX = MAX_DAYS * DAY;
const PRESETS = [7, 30, 60, 90];

export interface ExpirationChoice {
  /** A number of days, or `custom`, `never`, or `same` for the lifetime that the token had. */
  kind: string;
  /** The value of the custom date and time control. */
  custom: string;
}

/** Returns the default of the form: 30 days, or less if the maximum lifetime in milliseconds is shorter. */
export function defaultChoice(max: number = MAX): ExpirationChoice {
  const lifetime = Math.min(30 * DAY, max);
  const preset = PRESETS.findLast((preset) => preset * DAY <= lifetime);
  return { kind: String(preset ?? "custom"), custom: toLocalInput(new Date(Date.now() + lifetime)) };
}

/** Parses a choice: a number of days, `never`, or a local date and time. Returns the default for any other text. */
export function parseChoice(text: string | null): ExpirationChoice {
  const choice = defaultChoice();
  if (text === null) return choice;
  if (PRESETS.some((days) => String(days) === text && days <= MAX_DAYS)) return { ...choice, kind: text };
  if (text === "never") return settings.maxLifetimeDays === 0 ? { ...choice, kind: text } : choice;
  const days = /^\d{1,4}$/.test(text) ? Math.min(Number(text), MAX_DAYS) : null;
  const date = days === null ? fromLocalInput(text) : new Date(Date.now() + days * DAY);
  return date === null ? choice : { kind: "custom", custom: toLocalInput(date) };
}

/** Returns the text that `parseChoice` parses. */
export const formatChoice = (choice: ExpirationChoice): string =>
  choice.kind === "custom" ? choice.custom : choice.kind;

/** Returns the choice with the lifetime that a token had, limited to the deployment's maximum. */
export function choiceLike(record: TokenRecord): ExpirationChoice {
  const lifetime = lifetimeOf(record);
  if (lifetime === null) return parseChoice("never");
  const days = wholeDays(lifetime);
  return days === null
    ? { kind: "custom", custom: toLocalInput(new Date(Date.now() + lifetime)) }
    : parseChoice(String(days));
}

/** The lifetime of a token in milliseconds, or null if the token does not expire. */
export type Lifetime = number | null;

/** Returns the lifetime that a token had, limited to the deployment's maximum. */
export function lifetimeOf(record: TokenRecord): Lifetime {
  if (record.expiresAt === null) return settings.maxLifetimeDays === 0 ? null : MAX;
  const lifetime = Date.parse(record.expiresAt) - Date.parse(record.regeneratedAt ?? record.createdAt);
  return Math.min(lifetime, MAX);
}

/**
 * Returns a lifetime in days, or null if it is not a whole number of days. Ignores less than 5 seconds, because a lifetime that
 * this page computed differs by the duration of the request that set it.
 */
function wholeDays(lifetime: number): number | null {
  const days = Math.round(lifetime / DAY);
  return days > 0 && Math.abs(lifetime - days * DAY) < 5000 ? days : null;
}

/** Returns a lifetime in words, such as `30 days`. */
export function describeLifetime(lifetime: Lifetime): string {
  if (lifetime === null) return "no expiration";
  const days = wholeDays(lifetime);
  if (days !== null) return days === 1 ? "1 day" : `${days} days`;
  const [unit, length] =
    lifetime >= 2 * DAY ? ["days", DAY] : lifetime >= 2 * HOUR ? ["hours", HOUR] : ["minutes", MINUTE];
  return `${Number((lifetime / length).toFixed(1))} ${unit}`;
}

/** Returns a choice as the API accepts it. `lifetime` is the one that the token had. */
export function toExpiration(choice: ExpirationChoice, lifetime: Lifetime = null): Expiration {
  if (choice.kind === "same" && lifetime !== null) {
    const days = wholeDays(lifetime);
    return days === null ? { expiresAt: toApi(new Date(Date.now() + lifetime)) } : { expiresInDays: days };
  }
  if (choice.kind === "never" || choice.kind === "same") return { expiresAt: null };
  if (choice.kind !== "custom") return { expiresInDays: Number(choice.kind) };
  const date = fromLocalInput(choice.custom);
  return { expiresAt: date ? toApi(date) : choice.custom };
}

/** Returns an error message for the choice, or null if it is valid and at most `max`, in milliseconds from now. */
export function expirationError(choice: ExpirationChoice, max: number = MAX): string | null {
  if (choice.kind !== "custom") return null;
  const date = fromLocalInput(choice.custom);
  if (date === null) return "Enter a date and time";
  if (date.getTime() <= Date.now()) return "Enter a time in the future";
  if (date.getTime() > Date.now() + max) return `Enter a time within ${describeLifetime(max)} from now`;
  return null;
}

/** Returns when a token with this choice would expire; null for never, or while a custom time is incomplete. */
function expirationOf(choice: ExpirationChoice, lifetime: Lifetime, now: number): Date | null {
  if (choice.kind === "custom") return fromLocalInput(choice.custom);
  if (choice.kind === "never") return null;
  if (choice.kind !== "same") return new Date(now + Number(choice.kind) * DAY);
  return lifetime === null ? null : new Date(now + lifetime);
}

/**
 * Lets the user choose an expiration. `lifetime` is the one that the token had; undefined for a new token. With `max`, the
 * token must expire within this time, in milliseconds.
 */
export function ExpirationForm(props: {
  choice: ExpirationChoice;
  lifetime?: Lifetime;
  max?: number | undefined;
  error: string | undefined;
  onChange: (choice: ExpirationChoice) => void;
}) {
  const { choice, lifetime, max = MAX, onChange } = props;
  // Read once, so that the displayed expiration does not change while the form is open.
  const [opened] = useState(Date.now);
  const chosen = expirationOf(choice, lifetime ?? null, opened);
  return (
    <div class="expiration">
      <Field
        label="Expiration"
        error={choice.kind === "custom" ? undefined : props.error}
        hint={
          chosen && !props.error ? (
            <>
              Expires on <strong>{formatLong(chosen)}</strong>, {formatRelative(chosen)}.
              {choice.kind === "same" && lifetime === max && " This is the maximum."}
            </>
          ) : undefined
        }
      >
        {(control) => (
          <select
            {...control}
            value={choice.kind}
            onChange={(event) => onChange({ ...choice, kind: event.currentTarget.value })}
          >
            {lifetime !== undefined && <option value="same">Same lifetime: {describeLifetime(lifetime)}</option>}
            {PRESETS.filter((days) => days * DAY <= max).map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
            <option value="custom">Custom date and time</option>
            {settings.maxLifetimeDays === 0 && max === MAX && <option value="never">No expiration</option>}
          </select>
        )}
      </Field>
      {choice.kind === "custom" && (
        <Field
          label="Date and time"
          error={props.error}
          hint={`In your time zone. At most ${describeLifetime(max)} from now.`}
        >
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={choice.custom}
              min={toLocalInput(new Date())}
              max={toLocalInput(new Date(Date.now() + max))}
              onInput={(event) => onChange({ ...choice, custom: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {chosen === null && choice.kind !== "custom" && (
        <Notice kind="warning">
          This token works until someone deletes or regenerates it. Set an expiration to limit the damage if it leaks.
        </Notice>
      )}
    </div>
  );
}

/** Returns an expiration as a sentence, without a full stop. */
export function describeExpiration(expiresAt: string | null): string {
  if (expiresAt === null) return "Never expires";
  const isPast = new Date(expiresAt).getTime() <= Date.now();
  return `${isPast ? "Expired" : "Expires"} ${formatRelative(expiresAt)}, on ${formatDateTime(expiresAt)}`;
}
