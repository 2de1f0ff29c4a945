// What happened to tokens, in words.
import type { DayEvent, EventPage, TokenEvent } from "./api";
import { describeMember, joined } from "./members";

/** The words for each action, which stand before and after the token's name. */
const ACTIONS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  generated: ["generated", ""],
  updated: ["changed", ""],
  regenerated: ["regenerated", ""],
  rolledBack: ["rolled back", "to its previous secret"],
  previousEnded: ["ended the previous secret of", ""],
  revoked: ["revoked", ""],
  deleted: ["deleted", ""],
};

/** Returns the words that stand before and after the token's name. A later release of the API may add actions. */
export const actionOf = (action: string): readonly [before: string, after: string] =>
  ACTIONS[action] ?? [`did “${action}” to`, ""];

/** Returns what was done, in words that follow the actor's name on the page of one token. */
export function describeEvent({ action, changes }: Pick<TokenEvent, "action" | "changes">): string {
  const members = Object.keys(changes).map((member) => `the ${describeMember(member)}`);
  if (action === "updated" && members.length > 0) return `changed ${joined(members)}`;
  const [before, after] = actionOf(action);
  return `${before} the token ${after}`.trimEnd();
}

/** A member that an event changed. `before` is undefined if it is not known. */
export interface MemberChange {
  member: string;
  before: unknown;
  after: unknown;
}

/**
 * Returns what the first of these events changed. They are the events of one token, the newest first. The value of a member
 * before the change is the one that the last older event set, or null if the token was generated without the member.
 */
export function changesOfNewest([event, ...older]: readonly TokenEvent[]): MemberChange[] {
  if (event === undefined) return [];
  return Object.entries(event.changes).map(([member, after]) => {
    const source = older.find(({ action, changes }) => member in changes || action === "generated");
    return { member, before: source && (source.changes[member] ?? null), after };
  });
}

/** Finds an event in the history of its token, and returns what it changed, or null if the history does not contain it. */
export async function findChanges(
  event: TokenEvent | DayEvent,
  fetchPage: (cursor: string | null) => Promise<EventPage>,
): Promise<MemberChange[] | null> {
  let found: TokenEvent[] = [];
  let cursor: string | null = null;
  do {
    const page = await fetchPage(cursor);
    found = [...found, ...page.events];
    const index = found.findIndex((one) => isSame(one, event));
    cursor = page.nextCursor;
    if (index === -1) continue;
    const changed = changesOfNewest(found.slice(index));
    // Older pages are needed only while a value before the event is not known.
    const isKnown = event.action === "generated" || changed.every(({ before }) => before !== undefined);
    if (isKnown || cursor === null) return changed;
  } while (cursor !== null);
  return null;
}

const isSame = (one: TokenEvent, other: TokenEvent | DayEvent): boolean =>
  one.at === other.at && one.action === other.action && one.requestId === other.requestId;
