import { useEffect, useRef, useState } from "preact/hooks";
import type { ListState } from "./address";
import type { Api, ApiError, TokenRecord } from "./api";
import {
  EMPTY_LISTING,
  firstPage,
  type Listing,
  LOAD_LIMIT,
  loadPages,
  type ServerQuery,
  serverQuery,
  withoutId,
  withRecord,
} from "./listing";
import { toApiError } from "./ui";

/** In milliseconds. A listing older than this is loaded again when the list is opened. */
const MAX_AGE = 60_000;

export interface TokenCache {
  /** The tokens that were loaded: of all tokens, or of those that match the server's filters. Null before the first response. */
  listing: Listing | null;
  /** Whether the server must search, because there are more tokens than the page loads by itself. */
  searchesOnServer: boolean;
  isLoading: boolean;
  error: ApiError | null;
  /** Loads what the list needs to show this state. */
  open: (list: ListState) => void;
  loadAll: () => void;
  /** Continues after an error. */
  retry: () => void;
  refresh: () => void;
  /** Shows a record that was generated or changed. */
  put: (record: TokenRecord) => void;
  remove: (id: string) => void;
}

/** Returns the key of a listing: the server's filters for its tokens, or null for all tokens. */
const keyOf = (query: ServerQuery | null) => JSON.stringify(query);
const ALL = keyOf(null);

/** Keeps the loaded tokens as long as the user is signed in, even while another page is open. */
export function useTokenCache(api: Api): TokenCache {
  const [listings, setListings] = useState<Record<string, Listing>>({});
  const [wanted, setWanted] = useState<ServerQuery | null>(null);
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const running = useRef<AbortController | null>(null);
  const loadedAt = useRef(0);
  const all = listings[ALL];
  const searchesOnServer = all !== undefined && all.next !== null && all.entries.length >= LOAD_LIMIT;
  const query = searchesOnServer ? wanted : null;

  /**
   * Loads a listing, or continues it after `from`. With `isVisible`, each page is shown as it arrives; otherwise, the old rows
   * stay until the last page has arrived.
   */
  const load = async (what: ServerQuery | null, from: Listing, limit: number, isVisible: boolean) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setLoading(true);
    setError(null);
    const put = (listing: Listing) =>
      setListings((known) => ({
        ...(what === null ? {} : { [ALL]: known[ALL] ?? EMPTY_LISTING }),
        [keyOf(what)]: listing,
      }));
    try {
      let last = from;
      const { signal } = controller;
      const fetchPage = (cursor: string | null) => {
        const { id: _, ...filters } = what ?? {};
        if (cursor !== null) return api.list({ limit: 100, cursor, ...filters }, signal);
        return firstPage(
          what ?? {},
          (id) => api.get(id, signal),
          (more) => api.list({ limit: 100, ...more }, signal),
        );
      };
      for await (const listing of loadPages(fetchPage, from, limit)) {
        if (controller.signal.aborted) return;
        last = listing;
        if (isVisible && (listing.entries.length > 0 || listing.next === null)) put(listing);
      }
      put(last);
      if (what === null) loadedAt.current = Date.now();
    } catch (cause) {
      if (!controller.signal.aborted) setError(toApiError(cause));
    } finally {
      if (running.current === controller) setLoading(false);
    }
  };
  const start = (what: ServerQuery | null, isVisible: boolean) => load(what, EMPTY_LISTING, LOAD_LIMIT, isVisible);

  // Wait until the user stops typing.
  const key = keyOf(query);
  useEffect(() => {
    if (query === null) return;
    const soon = setTimeout(() => void start(query, true), 150);
    return () => clearTimeout(soon);
  }, [key]);
  useEffect(() => () => running.current?.abort(), []);

  const listing = listings[key] ?? all ?? null;
  return {
    listing,
    searchesOnServer,
    isLoading: isLoading || (query !== null && listings[key] === undefined && error === null),
    error,
    open: (list) => {
      setWanted(serverQuery(list));
      if (isLoading || error !== null) return;
      if (all === undefined) void start(null, true);
      else if (Date.now() - loadedAt.current > MAX_AGE) void start(null, false);
    },
    loadAll: () => void load(null, all ?? EMPTY_LISTING, Number.POSITIVE_INFINITY, true),
    retry: () => {
      const part = listings[key];
      if (part?.next) void load(query, part, part.entries.length + LOAD_LIMIT, true);
      else void start(query, part === undefined);
    },
    refresh: () => void start(query, all === undefined),
    put: (record) => setListings((known) => mapValues(known, (one) => withRecord(one, record))),
    remove: (id) => setListings((known) => mapValues(known, (one) => withoutId(one, id))),
  };
}

function mapValues(listings: Record<string, Listing>, change: (listing: Listing) => Listing): Record<string, Listing> {
  return Object.fromEntries(Object.entries(listings).map(([key, listing]) => [key, change(listing)]));
}
