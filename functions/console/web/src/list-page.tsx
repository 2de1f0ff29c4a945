import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Api, type ApiError, type Entry, isReadable, type Status } from "./api";
import { describePermissions } from "./permissions";
import { stateOf } from "./time";
import { Badge, ErrorNotice, Heading, Timestamp, toApiError } from "./ui";

/** How many rows are rendered at once. */
const ROWS = 50;
/** A possible start of a name. */
const PREFIX = /^[a-z0-9][a-z0-9_-]{0,49}$/;

/** The entries loaded so far with the current filters. */
interface Loaded {
  entries: Entry[];
  /** The cursor of the next page; null at the end. */
  next: string | null;
}

type Column = "name" | "expires" | "created" | "updated";
const COLUMNS: [Column | null, string][] = [
  ["name", "Name"],
  [null, "Permissions"],
  ["expires", "Expiration"],
  ["created", "Created"],
  ["updated", "Updated"],
  [null, "Actions"],
];

export interface Filters {
  prefix: string;
  status: Status | "";
}

export function ListPage(props: {
  api: Api;
  ownId: string;
  filters: Filters;
  onFilter: (filters: Filters) => void;
  onDelete: (entry: Entry) => void;
}) {
  const { api, filters, onFilter } = props;
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isLoading, setLoading] = useState(false);
  const [sort, setSort] = useState<{ by: Column; isDescending: boolean }>({ by: "name", isDescending: false });
  const [page, setPage] = useState(0);
  const running = useRef<AbortController | null>(null);
  const prefixIsInvalid = filters.prefix !== "" && !PREFIX.test(filters.prefix);

  /** Loads the page after `from`, or all pages after it. Returns whether any entries were added. */
  const load = async (from: Loaded | null, loadAll: boolean): Promise<boolean> => {
    running.current?.abort();
    const here = new AbortController();
    running.current = here;
    setLoading(true);
    setError(null);
    const before = from?.entries.length ?? 0;
    let state = from ?? { entries: [], next: null };
    try {
      do {
        const query = { limit: 100, cursor: state.next, namePrefix: filters.prefix, status: filters.status };
        const answer = await api.list(query, here.signal);
        if (here.signal.aborted) return false;
        state = { entries: [...state.entries, ...answer.tokens], next: answer.nextCursor };
        // The API may return an empty page that has a next one.
        if (state.entries.length > before || state.next === null) setLoaded(state);
      } while (state.next !== null && (loadAll || state.entries.length === before));
    } catch (cause) {
      if (!here.signal.aborted) setError(toApiError(cause));
    } finally {
      if (running.current === here) setLoading(false);
    }
    return state.entries.length > before;
  };

  // This runs before the next paint, so that results of the previous filters are not shown with the new ones.
  useLayoutEffect(() => {
    setPage(0);
    setError(null);
    setLoading(!prefixIsInvalid);
    if (prefixIsInvalid) {
      running.current?.abort();
      setLoaded({ entries: [], next: null });
      return;
    }
    // Wait until the user stops typing.
    const soon = setTimeout(() => void load(null, false), loaded === null ? 0 : 150);
    return () => clearTimeout(soon);
  }, [api, filters.prefix, filters.status]);
  useEffect(() => () => running.current?.abort(), []);

  const entries = useMemo(() => sorted(loaded?.entries ?? [], sort), [loaded, sort]);
  const pages = Math.max(1, Math.ceil(entries.length / ROWS));
  const shown = entries.slice(page * ROWS, (page + 1) * ROWS);
  const hasMore = loaded?.next != null;
  const isEmpty = loaded !== null && !isLoading && entries.length === 0 && error === null;
  const isFiltered = filters.prefix !== "" || filters.status !== "";
  const onNext = async () => {
    if (page + 1 < pages || (await load(loaded, false))) setPage(page + 1);
  };

  return (
    <main>
      <div class="top">
        <Heading>API tokens</Heading>
        <a class="button primary" href="#/generate">
          Generate a token
        </a>
      </div>
      <div class="filters" role="search">
        <label>
          <span>Name starts with</span>
          <input
            type="search"
            value={filters.prefix}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="prefix-error"
            aria-invalid={prefixIsInvalid}
            onInput={(event) => onFilter({ ...filters, prefix: event.currentTarget.value.toLowerCase() })}
          />
        </label>
        <label>
          <span>Status</span>
          <select
            value={filters.status}
            onChange={(event) => onFilter({ ...filters, status: event.currentTarget.value as Status | "" })}
          >
            <option value="">All</option>
            <option value="active">Active</option>
            <option value="expired">Expired</option>
          </select>
        </label>
        <p class="quiet count" role="status">
          {isLoading && loaded === null ? "Loading…" : counted(entries.length, hasMore)}
          {isLoading && loaded !== null && " Loading…"}
        </p>
        <p id="prefix-error" class="error" aria-live="polite">
          {prefixIsInvalid &&
            "No name starts with this. Names use a–z, 0–9, - and _, and start with a letter or digit."}
        </p>
      </div>
      {error && <ErrorNotice error={error} retry={() => void load(loaded?.next ? loaded : null, false)} />}
      {loaded === null && error === null && <Skeleton />}
      {isEmpty && !isFiltered && <EmptyList />}
      {isEmpty && isFiltered && !prefixIsInvalid && (
        <div class="empty">
          <p>No tokens match these filters.</p>
          <button type="button" onClick={() => onFilter({ prefix: "", status: "" })}>
            Clear filters
          </button>
        </div>
      )}
      {entries.length > 0 && (
        <>
          <Table entries={shown} sort={sort} onSort={setSort} ownId={props.ownId} onDelete={props.onDelete} />
          <div class="pager">
            {sort.by !== "name" && hasMore && (
              <p class="quiet">Only the {entries.length} loaded tokens are sorted. Load all to sort the rest.</p>
            )}
            <nav aria-label="Pages of the list">
              <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
                Previous
              </button>
              <span>
                {page * ROWS + 1}–{page * ROWS + shown.length}
              </span>
              <button
                type="button"
                disabled={(page + 1 >= pages && !hasMore) || isLoading}
                onClick={() => void onNext()}
              >
                Next
              </button>
              {hasMore && (
                <button type="button" disabled={isLoading} onClick={() => void load(loaded, true)}>
                  Load all
                </button>
              )}
            </nav>
          </div>
        </>
      )}
    </main>
  );
}

function counted(count: number, hasMore: boolean): string {
  return `${count}${hasMore ? " loaded, more available" : count === 1 ? " token" : " tokens"}`;
}

function sorted(entries: Entry[], sort: { by: Column; isDescending: boolean }): Entry[] {
  const key = (entry: Entry): string => {
    if (sort.by === "name" || !isReadable(entry)) return entry.name;
    if (sort.by === "expires") return entry.expiresAt ?? "9999";
    return sort.by === "created" ? entry.createdAt : entry.updatedAt;
  };
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const list = entries.toSorted((a, b) => order(key(a), key(b)));
  return sort.isDescending ? list.reverse() : list;
}

function Table(props: {
  entries: Entry[];
  sort: { by: Column; isDescending: boolean };
  onSort: (sort: { by: Column; isDescending: boolean }) => void;
  ownId: string;
  onDelete: (entry: Entry) => void;
}) {
  const { sort, onSort } = props;
  return (
    <table>
      <thead>
        <tr>
          {COLUMNS.map(([column, label]) =>
            column === null ? (
              <th key={label} scope="col">
                <span class={label === "Actions" ? "sr" : ""}>{label}</span>
              </th>
            ) : (
              <th
                key={label}
                scope="col"
                aria-sort={sort.by !== column ? "none" : sort.isDescending ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  class="sort"
                  onClick={() => onSort({ by: column, isDescending: sort.by === column && !sort.isDescending })}
                >
                  {label}
                  <span aria-hidden="true">{sort.by !== column ? "" : sort.isDescending ? " ↓" : " ↑"}</span>
                </button>
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => (
          <EntryRow
            key={entry.id ?? entry.name}
            entry={entry}
            isOwn={entry.id === props.ownId}
            onDelete={() => props.onDelete(entry)}
          />
        ))}
      </tbody>
    </table>
  );
}

function EntryRow({ entry, isOwn, onDelete }: { entry: Entry; isOwn: boolean; onDelete: () => void }) {
  if (!isReadable(entry)) {
    return (
      <tr>
        <th scope="row">
          <span class="name">{entry.name}</span> <Badge state="unreadable" />
        </th>
        <td colSpan={4} class="wide">
          This token is damaged and can’t be used. {entry.id ? "You can delete it." : ""}
        </td>
        <td class="actions">{entry.id && <DeleteButton name={entry.name} onDelete={onDelete} />}</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">
        <a class="name" href={`#/tokens/${entry.id}`}>
          {entry.name}
        </a>{" "}
        <Badge state={stateOf(entry)} />
        {isOwn && <span class="badge own">You</span>}
        {entry.description && <span class="description">{entry.description}</span>}
      </th>
      <td data-label="Permissions" class="permitted">
        {describePermissions(entry.permissions)}
      </td>
      <td data-label="Expiration">
        {entry.expiresAt ? <Timestamp at={entry.expiresAt} /> : <span class="quiet">Never</span>}
      </td>
      <td data-label="Created">
        <Timestamp at={entry.createdAt} /> <span class="quiet">by {entry.createdBy.name}</span>
      </td>
      <td data-label="Updated">
        {entry.version === 1 ? <span class="quiet">Never</span> : <Timestamp at={entry.updatedAt} />}
      </td>
      <td class="actions">
        <a class="button" href={`#/tokens/${entry.id}`} aria-label={`Edit ${entry.name}`}>
          Edit
        </a>
        <DeleteButton name={entry.name} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function DeleteButton({ name, onDelete }: { name: string; onDelete: () => void }) {
  return (
    <button type="button" class="danger" aria-label={`Delete ${name}`} onClick={onDelete}>
      Delete
    </button>
  );
}

function EmptyList() {
  return (
    <div class="empty">
      <p>You have no tokens yet. A token lets a program call the API with the permissions that you choose.</p>
      <a class="button primary" href="#/generate">
        Generate your first token
      </a>
    </div>
  );
}

/** Placeholder rows with the height of real ones, so that the page does not jump. */
function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: 6 }, (_, row) => (
        <div key={row} />
      ))}
    </div>
  );
}
