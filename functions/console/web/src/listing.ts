// The tokens that were loaded, and what the list shows of them.
import type { Column, ListFilter, ListState } from "./address";
import { ApiError, type Entry, isReadable, type Page, type Status, type TokenRecord } from "./api";
import { endOfExpiringSoon, stateOf } from "./time";
import { isUnused, lastUseOf, unusedSince } from "./usage";

/** How many tokens are loaded without asking. All of them are searched and sorted in the page. */
export const LOAD_LIMIT = 1000;

/** Tokens in the order of their names, from the first on. */
export interface Listing {
  entries: readonly Entry[];
  /** The cursor of the next page of the API; null at the end. */
  next: string | null;
}

export const EMPTY_LISTING: Listing = { entries: [], next: null };

/**
 * Loads pages after `from` until there are `limit` entries or the pages end, and yields the listing after each page.
 * The API may return an empty page that has a next one.
 */
export async function* loadPages(
  fetchPage: (cursor: string | null) => Promise<Page>,
  from: Listing,
  limit: number,
): AsyncGenerator<Listing> {
  let listing = from;
  do {
    const page = await fetchPage(listing.next);
    listing = { entries: [...listing.entries, ...page.tokens], next: page.nextCursor };
    yield listing;
  } while (listing.next !== null && listing.entries.length < limit);
}

/**
 * Returns the first page of a query. With an id, this is the token with this id. If there is no such token, it is the page that
 * the other filters find, or an empty one without the start of a name.
 */
export async function firstPage(
  { id, ...filters }: ServerQuery,
  get: (id: string) => Promise<TokenRecord>,
  list: (filters: Omit<ServerQuery, "id">) => Promise<Page>,
): Promise<Page> {
  if (id === undefined) return list(filters);
  try {
    return { tokens: [await get(id)], nextCursor: null };
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
  }
  // Without the start of a name, the server would list all tokens.
  return filters.namePrefix === undefined ? { tokens: [], nextCursor: null } : list(filters);
}

/** A possible start of a name. The API rejects any other text. */
const PREFIX = /^[a-z0-9][a-z0-9_-]{0,49}$/;

const ID = /^[0-9A-Za-z]{16}$/;

/** The filters that the server can apply. */
export interface ServerQuery {
  /** The id of one token. If no token has this id, the other filters apply. */
  id?: string;
  namePrefix?: string;
  owner?: string;
  status?: Status;
  expiresBefore?: string;
  unusedSince?: string;
}

/** Returns the owner in a search such as `owner:Payments team`; null if it is another search. */
function ownerOf(search: string): string | null {
  return /^owner:\s*(\S.*)$/i.exec(search.trim())?.[1] ?? null;
}

/**
 * Returns the filters with which the server finds what the list shows; null if it cannot filter, because no name and no id
 * matches the search, or because its filters would leave all tokens.
 */
export function serverQuery(list: Pick<ListState, "search" | "show">): ServerQuery | null {
  const query: ServerQuery = {};
  const search = list.search.toLowerCase();
  const owner = ownerOf(list.search);
  if (ID.test(list.search)) query.id = list.search;
  if (owner !== null) query.owner = owner;
  else if (PREFIX.test(search)) query.namePrefix = search;
  else if (search !== "" && query.id === undefined) return null;
  if (list.show === "expired") query.status = "expired";
  if (list.show === "active") query.status = "active";
  if (list.show === "soon") query.expiresBefore = endOfExpiringSoon();
  if (list.show === "unused") query.unusedSince = unusedSince();
  return Object.keys(query).length === 0 ? null : query;
}

const FILTERS: Record<ListFilter, (record: TokenRecord, now: number) => boolean> = {
  "": () => true,
  active: (record, now) => stateOf(record, now) !== "expired",
  soon: (record, now) => stateOf(record, now) === "soon",
  expired: (record, now) => stateOf(record, now) === "expired",
  unused: isUnused,
  superAdmin: (record) => record.permissions.type === "superAdmin",
};

/**
 * Returns the entries that the list shows, sorted. The search matches a whole id, a whole owner after `owner:`, or a part of
 * the name, the description, the owner or the creator's name.
 */
export function filterAndSort(entries: readonly Entry[], list: ListState, now: number = Date.now()): Entry[] {
  const id = list.search.trim();
  const search = id.toLowerCase();
  const owner = ownerOf(id);
  const found = entries.filter((entry) => {
    if (!isReadable(entry)) return list.show === "" && (entry.id === id || entry.name.includes(search));
    if (!FILTERS[list.show](entry, now)) return false;
    if (owner !== null) return entry.owner === owner;
    const texts = [entry.name, entry.description ?? "", entry.owner ?? "", entry.createdBy.name];
    return search === "" || entry.id === id || texts.some((text) => text.toLowerCase().includes(search));
  });
  return sorted(found, list.sort, list.isDescending);
}

function sorted(entries: Entry[], by: Column, isDescending: boolean): Entry[] {
  const key = (entry: Entry): string => {
    if (by === "name" || !isReadable(entry)) return entry.name;
    // In ascending order, tokens without an expiration are last.
    if (by === "expires") return entry.expiresAt ?? "9999";
    // In ascending order, tokens that were never used are first.
    if (by === "used") return lastUseOf(entry) ?? "";
    return by === "created" ? entry.createdAt : entry.updatedAt;
  };
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const direction = isDescending ? -1 : 1;
  return entries.sort((a, b) => direction * order(key(a), key(b)) || order(a.name, b.name));
}

/** Returns the listing with this record, in its place by name. A record after the loaded part is left out. */
export function withRecord(listing: Listing, record: TokenRecord): Listing {
  const others = listing.entries.filter((entry) => entry.id !== record.id);
  const after = others.findIndex((entry) => entry.name > record.name);
  if (after === -1 && listing.next !== null) return { ...listing, entries: others };
  return { ...listing, entries: others.toSpliced(after === -1 ? others.length : after, 0, record) };
}

export function withoutId(listing: Listing, id: string): Listing {
  return { ...listing, entries: listing.entries.filter((entry) => entry.id !== id) };
}
