// Timestamps: formatted for the user, in their time zone or relative to now, and for the API.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Tokens that expire within this time are shown as expiring soon. */
const EXPIRING_SOON = 7 * DAY;

/** The locale of dates and numbers: the user's variety of English, such as `en-GB`, because the texts of the page are English. */
export const LOCALE = globalThis.navigator?.languages?.find((language) => language.startsWith("en")) ?? "en";

const dateFormat = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });
const timeFormat = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit", timeZoneName: "short" });
const longFormat = new Intl.DateTimeFormat(LOCALE, {
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "long",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});
const relativeFormat = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** Returns, for example, `Dec 23, 2026, 10:00 AM GMT+1`. A line can be broken only between the date and the time. */
export function formatDateTime(timestamp: string | Date): string {
  const date = new Date(timestamp);
  return [`${dateFormat.format(date)},`, timeFormat.format(date)]
    .map((part) => part.replaceAll(" ", "\u00a0"))
    .join(" ");
}

/** Returns, for example, `Wednesday, December 23, 2026 at 10:00 AM GMT+1`. */
export function formatLong(timestamp: string | Date): string {
  return longFormat.format(new Date(timestamp));
}

/** Returns, for example, `in 30 days` or `2 hours ago`. */
export function formatRelative(timestamp: string | Date, now: number = Date.now()): string {
  const difference = new Date(timestamp).getTime() - now;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 365 * DAY],
    ["month", 30 * DAY],
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
  ];
  for (const [unit, length] of units) {
    // Less than two months or years is shown in the smaller unit, which is more exact: `in 45 days`, not `in 2 months`.
    if (Math.abs(difference) >= (unit === "month" || unit === "year" ? 2 * length : length)) {
      return relativeFormat.format(Math.round(difference / length), unit);
    }
  }
  return difference <= 0 ? "just now" : "in less than a minute";
}

export type TokenState = "active" | "soon" | "expired";

/** Returns the state that the badge shows: expired, expiring soon, or active. */
export function stateOf(
  token: { status: "active" | "expired"; expiresAt: string | null },
  now: number = Date.now(),
): TokenState {
  if (token.expiresAt === null) return token.status;
  const left = new Date(token.expiresAt).getTime() - now;
  if (token.status === "expired" || left <= 0) return "expired";
  return left <= EXPIRING_SOON ? "soon" : "active";
}

/**
 * Returns the value of the server's filter `expiresBefore` that finds the tokens that expire soon. It changes only once a day:
 * when only the order or the page of the list changes, the filter stays the same, and nothing is loaded again.
 */
export function endOfExpiringSoon(now: number = Date.now()): string {
  return toApi(new Date(Math.ceil((now + EXPIRING_SOON) / DAY) * DAY));
}

/** Returns the value of an `<input type="datetime-local">`, in local time. */
export function toLocalInput(timestamp: Date): string {
  const shifted = new Date(timestamp.getTime() - timestamp.getTimezoneOffset() * MINUTE);
  return shifted.toISOString().slice(0, 16);
}

/** Parses the value of an `<input type="datetime-local">`, or returns null while the value is incomplete. */
export function fromLocalInput(value: string): Date | null {
  const timestamp = new Date(value);
  return Number.isNaN(timestamp.getTime()) ? null : timestamp;
}

/** Formats a timestamp for the API: RFC 3339, in UTC, with whole seconds. */
export function toApi(timestamp: Date): string {
  return `${timestamp.toISOString().slice(0, 19)}Z`;
}
