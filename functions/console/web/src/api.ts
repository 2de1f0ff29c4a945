// A client of the management API, with types generated from docs/openapi.yaml. It does not depend on the page.
import type { components } from "./openapi";

type Schemas = components["schemas"];
export type TokenRecord = Schemas["TokenRecord"];
export type IssuedRecord = Schemas["IssuedRecord"];
export type Unreadable = Schemas["UnreadableRecord"];
/** An entry of the list: a token's record, or only its name and perhaps its id if the record cannot be read. */
export type Entry = TokenRecord | Unreadable;
export type Page = Schemas["Page"];
export type Grant = Schemas["Grant"];
export type Permissions = Schemas["Permissions"];
export type Simulation = Schemas["Simulation"];
export type Violation = Schemas["Violation"];
export type TokenEvent = Schemas["TokenEvent"];
export type EventPage = Schemas["EventPage"];
export type Status = Schemas["Status"];
export type DayEvent = Schemas["DayEvent"];
export type DayEventPage = Schemas["DayEventPage"];
/** The members of a token that an update can change. */
export type Change = {
  description?: string | null;
  owner?: string | null;
  permissions?: Permissions;
  allowedIps?: string[] | null;
  selfRegenerate?: boolean;
};
/** An expiration as the API accepts it: an RFC 3339 timestamp, none (`null`), or a number of days. */
export type Expiration = { expiresAt: string | null } | { expiresInDays: number };
/** The body of a regenerate. Without an expiration, the token keeps its lifetime. */
export type Regeneration = Partial<{ expiresAt: string | null; expiresInDays: number; gracePeriodSeconds: number }>;

export function isReadable(entry: Entry): entry is TokenRecord {
  return !("unreadable" in entry);
}

/** No violations, for a form without an error. It is a constant, because effects compare arrays by identity. */
export const NO_VIOLATIONS: Violation[] = [];

/** A failed request, with a message for the user. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status; 0 if there was no response. */
    readonly status: number,
    readonly detail: string,
    readonly violations: Violation[] = NO_VIOLATIONS,
    /** From `Retry-After`, in seconds. */
    readonly retryAfter: number | null = null,
    /** Whether the request may have been applied. */
    readonly isOutcomeUnknown: boolean = false,
    /** Whether a function of the API wrote the message. */
    readonly isExplained: boolean = false,
  ) {
    super(detail);
  }
}

/** The format of a token, as in docs/API.md. The first group is the id. */
const TOKEN = /^twd_([0-9A-Za-z]{16})_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/;

/** Returns the public id in a token, or null if the token is malformed. */
export function idOf(token: string): string | null {
  const id = TOKEN.exec(token)?.[1];
  return id !== undefined && hasChecksum(token) ? id : null;
}

/**
 * Returns what to search for: the text, or, if it contains a token, even a damaged one, only the token's public id. The secret
 * must not get into an address or a request.
 */
export function withoutSecret(text: string): string {
  return /twd_([0-9A-Za-z]{16})_/.exec(text)?.[1] ?? text;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Returns whether the last six characters are the CRC-32 of all others, in base 62. If not, the token was mistyped. */
function hasChecksum(token: string): boolean {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(token.slice(0, -6))) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = ~crc >>> 0;
  let text = "";
  for (let digit = 0; digit < 6; digit++) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return token.endsWith(text);
}

type Query = Record<string, string | number | null | undefined>;

/** Calls the API with one token. `onRejected` is called when the server no longer accepts the token. */
export class Api {
  constructor(
    private token: string,
    private readonly header: string,
    private readonly onRejected: () => void,
  ) {}

  /** Uses another token from now on. */
  use(token: string): void {
    this.token = token;
  }

  list(
    query: {
      limit?: number;
      cursor?: string | null;
      namePrefix?: string;
      owner?: string;
      status?: Status | "";
      expiresBefore?: string;
      unusedSince?: string;
    },
    signal?: AbortSignal,
  ): Promise<Page> {
    return this.send("GET", "v1/tokens", { query, signal });
  }

  get(id: string, signal?: AbortSignal): Promise<TokenRecord> {
    return this.send("GET", `v1/tokens/${id}`, { signal });
  }

  /** Returns the calling token's record. */
  getSelf(signal?: AbortSignal): Promise<TokenRecord> {
    return this.send("GET", "v1/tokens/self", { signal });
  }

  /** Revokes the calling token: it expires at once. */
  revokeSelf(signal?: AbortSignal): Promise<void> {
    return this.remove("v1/tokens/self", { signal });
  }

  /** Regenerates the calling token. Its new lifetime is at most the one that it had. */
  regenerateSelf(version: number, body: Regeneration, signal?: AbortSignal): Promise<IssuedRecord> {
    return this.send("POST", "v1/tokens/self/regenerate", { body, version, signal });
  }

  /** Returns one page of the token's events, the newest first. */
  events(id: string, limit: number, cursor: string | null, signal?: AbortSignal): Promise<EventPage> {
    return this.send("GET", `v1/tokens/${id}/events`, { query: { limit, cursor }, signal });
  }

  /** Returns one page of the events of some UTC days, the oldest first. */
  dayEvents(from: string, to: string, cursor: string | null, signal?: AbortSignal): Promise<DayEventPage> {
    return this.send("GET", "v1/events", { query: { from, to, limit: 50, cursor }, signal });
  }

  generate(body: { name: string } & Required<Change> & Expiration, signal?: AbortSignal): Promise<IssuedRecord> {
    return this.send("POST", "v1/tokens", { body, signal });
  }

  update(id: string, version: number, body: Change, signal?: AbortSignal): Promise<TokenRecord> {
    return this.send("PATCH", `v1/tokens/${id}`, { body, version, signal });
  }

  regenerate(id: string, version: number, body: Regeneration, signal?: AbortSignal): Promise<IssuedRecord> {
    return this.send("POST", `v1/tokens/${id}/regenerate`, { body, version, signal });
  }

  /** Makes the previous secret current again. */
  rollBack(id: string, version: number, signal?: AbortSignal): Promise<TokenRecord> {
    return this.send("POST", `v1/tokens/${id}/rollback`, { version, signal });
  }

  /** Ends the grace period of the previous secret. */
  endPrevious(id: string, version: number, signal?: AbortSignal): Promise<TokenRecord> {
    return this.send("DELETE", `v1/tokens/${id}/previous`, { version, signal });
  }

  delete(id: string, version: number | null, signal?: AbortSignal): Promise<void> {
    return this.remove(`v1/tokens/${id}`, { version, signal });
  }

  /**
   * Sends a DELETE. It also succeeds if the token no longer exists, because someone else deleted it, or because an earlier
   * request did and its response was lost. A 404 of the gateway fails: it does not have the route, so nothing was deleted.
   */
  private async remove(path: string, options: { version?: number | null; signal?: AbortSignal | undefined }) {
    try {
      await this.send("DELETE", path, options);
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.status !== 404 || !cause.isExplained) throw cause;
    }
  }

  simulate(
    request: { method: string; path: string; permissions: Permissions },
    signal?: AbortSignal,
  ): Promise<Simulation> {
    return this.send("POST", "v1/simulate", { body: request, saves: false, signal });
  }

  private async send<T>(
    method: string,
    path: string,
    options: {
      query?: Query;
      body?: unknown;
      version?: number | null;
      signal?: AbortSignal | undefined;
      /** Whether the request may change something; by default, whether it is not a GET. */
      saves?: boolean;
    } = {},
  ): Promise<T> {
    const { query = {}, body, version = null, signal, saves = method !== "GET" } = options;
    // The URL is relative to the page, because both may be served under a base path.
    const url = new URL(path, document.baseURI);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
    }
    const bearer = this.header.toLowerCase() === "authorization" ? `Bearer ${this.token}` : this.token;
    const headers: Record<string, string> = { [this.header]: bearer };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (version !== null) headers["if-match"] = `"${version}"`;
    /** Returns the error to throw if no complete response arrived. The request may have changed something nevertheless. */
    const lost = (cause: unknown): unknown => {
      if (saves) return new ApiError(0, UNKNOWN_OUTCOME, [], null, true);
      if (signal?.aborted) return cause;
      return new ApiError(0, "The server can’t be reached. Check your connection and try again.");
    };
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: signal ?? null,
      });
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    } catch (cause) {
      throw lost(cause);
    }
    const error = await errorOf(response, saves);
    // The authorizer gives no reason when it rejects a token. If there is a reason, a function gave it, so the token still works.
    if (error.status === 401 || (error.status === 403 && !error.isExplained)) this.onRejected();
    throw error;
  }
}

const UNKNOWN_OUTCOME = "We don’t know whether this was saved.";

async function errorOf(response: Response, saves: boolean): Promise<ApiError> {
  // A function returns an RFC 9457 problem and the gateway {"message"}, but a proxy before them may return anything.
  const body = (await response.json().catch(() => null)) as { detail?: string; errors?: Violation[] } | null;
  const after = Number(response.headers.get("retry-after"));
  const isOutcomeUnknown = saves && response.status >= 500;
  const detail = isOutcomeUnknown ? UNKNOWN_OUTCOME : (body?.detail ?? explanation(response.status));
  const wait = after > 0 ? after : null;
  return new ApiError(response.status, detail, body?.errors ?? [], wait, isOutcomeUnknown, body?.detail !== undefined);
}

function explanation(status: number): string {
  if (status === 401 || status === 403) return "Your token was not accepted. Sign in with another one.";
  if (status === 404)
    return "The API doesn’t have this route. Check that the console and the API have the same version.";
  if (status === 429) return "There are too many requests. Wait a moment and try again.";
  return `The server failed with status ${status}. Wait a moment and try again.`;
}
