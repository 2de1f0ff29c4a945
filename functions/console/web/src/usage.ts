// When tokens were last used.
import type { TokenRecord } from "./api";
import { DAY, toApi } from "./time";

/** Tokens that were not used for this time are shown as unused. */
const UNUSED_AFTER = 60 * DAY;

/** Returns when the current or the previous secret of the token was last used; null for never. */
export function lastUseOf({ lastUsed, previousSecret }: TokenRecord): string | null {
  const uses = [lastUsed?.at, previousSecret?.lastUsedAt].filter((at) => at !== undefined && at !== null);
  return uses.sort().at(-1) ?? null;
}

/** Returns whether the token was used in the last day, so that a program probably depends on it. */
export function isInUse(record: TokenRecord, now: number = Date.now()): boolean {
  const used = lastUseOf(record);
  return used !== null && Date.parse(used) > now - DAY;
}

/** Returns whether the token was last generated, regenerated or used at least 60 days ago. */
export function isUnused(record: TokenRecord, now: number = Date.now()): boolean {
  const times = [lastUseOf(record), record.regeneratedAt, record.createdAt];
  return times.every((at) => at === null || Date.parse(at) <= now - UNUSED_AFTER);
}

/**
 * Returns the value of the server's filter `unusedSince` that finds the unused tokens. It changes only once a day: when only
 * the order or the page of the list changes, the filter stays the same, and nothing is loaded again.
 */
export function unusedSince(now: number = Date.now()): string {
  return toApi(new Date(Math.ceil((now - UNUSED_AFTER) / DAY) * DAY));
}
