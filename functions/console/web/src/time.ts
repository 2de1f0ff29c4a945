// Moments: exact in the reader's own time and zone, and relative to now.

export const DAY = 86_400_000;
/** A token that expires within this time is shown as expiring soon. */
const SOON = 7 * DAY;

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZoneName: "short" });
const withZone = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "long",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});
const relatively = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** Such as `23 Dec 2026, 10:00 CET`. A line may end after the day and nowhere else in it. */
export function formatDateTime(moment: string | Date): string {
  const date = new Date(moment);
  return [`${day.format(date)},`, time.format(date)].map((part) => part.replaceAll(" ", "\u00a0")).join(" ");
}

/** The same with weekday, in full. */
export function formatLong(moment: string | Date): string {
  return withZone.format(new Date(moment));
}

/** Such as `in 30 days` or `2 hours ago`. */
export function formatRelative(moment: string | Date, now: number = Date.now()): string {
  const difference = new Date(moment).getTime() - now;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 365 * DAY],
    ["month", 30 * DAY],
    ["day", DAY],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ];
  for (const [unit, length] of units) {
    // A year and a half is better said in months, and 45 days in days.
    if (Math.abs(difference) >= (unit === "month" || unit === "year" ? 2 * length : length)) {
      return relatively.format(Math.round(difference / length), unit);
    }
  }
  return difference <= 0 ? "just now" : "in less than a minute";
}

export type TokenState = "active" | "soon" | "expired";

/** What the list calls a token: the server's word, and whether the end is near. */
export function stateOf(token: { status: "active" | "expired"; expiresAt: string | null }, now: number = Date.now()): TokenState {
  if (token.expiresAt === null) return token.status;
  const left = new Date(token.expiresAt).getTime() - now;
  if (token.status === "expired" || left <= 0) return "expired";
  return left <= SOON ? "soon" : "active";
}

/** The value of an `<input type="datetime-local">` for a moment, in local time. */
export function toLocalInput(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The moment of such an input; null while it is none. */
export function fromLocalInput(value: string): Date | null {
  const moment = new Date(value);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** As the API takes it: RFC 3339 in UTC with whole seconds. */
export function toApi(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
