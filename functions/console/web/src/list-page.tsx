import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { addressOfList, type Column, type ListFilter, type ListState, WHOLE_LIST } from "./address";
import { type Api, type Entry, withoutSecret } from "./api";
import { COLUMNS, Table } from "./list-table";
import { filterAndSort } from "./listing";
import { go, updateAddress } from "./navigation";
import { paginate } from "./pager";
import { LOCALE } from "./time";
import { ErrorNotice, Heading } from "./ui";
import type { TokenCache } from "./use-token-cache";

/** How many rows are rendered at once. */
const ROWS = 50;

const FILTER_LABELS: [ListFilter, string][] = [
  ["", "All"],
  ["active", "Active"],
  ["soon", "Expiring in 7 days"],
  ["expired", "Expired"],
  ["unused", "Unused for 60 days"],
  ["superAdmin", "Super admins"],
];

/** Where the user left the list. */
export interface ListPosition {
  address: string;
  scroll: number;
  /** The id of the token that was opened from the list. */
  opened: string | null;
}

interface Props {
  api: Api;
  ownId: string;
  list: ListState;
  cache: TokenCache;
  /** The page changes this object in place, because a change need not be rendered. */
  position: ListPosition;
  onDelete: (entry: Entry) => void;
}

export function ListPage(props: Props) {
  const { list, cache, ownId } = props;
  const { listing, searchesOnServer, isLoading, error } = cache;
  useEffect(() => cache.open(list), [list]);
  const found = useMemo(() => filterAndSort(listing?.entries ?? [], list), [listing, list]);
  const pager = paginate(found.length, ROWS, list.page);
  const top = useRef<HTMLDivElement>(null);
  usePosition(props.position, list, listing !== null);

  const change = (changed: Partial<ListState>) => updateAddress(addressOfList({ ...list, page: 0, ...changed }));
  // Unlike `change`, this adds an entry to the history of the browser, so that Back shows the previous rows again.
  const openPage = (page: number) => {
    go(addressOfList({ ...list, page }));
    top.current?.scrollIntoView();
    top.current?.focus({ preventScroll: true });
  };
  const isFiltered = list.search !== "" || list.show !== "";
  const isEmpty = listing !== null && !isLoading && found.length === 0 && error === null;
  const isOnlyOwn =
    !isLoading && !searchesOnServer && listing?.entries.length === 1 && listing.entries[0]?.id === ownId;

  return (
    <main>
      <div class="top">
        <Heading>API tokens</Heading>
        <a class="button" href="#/history">
          History
        </a>
        <button type="button" onClick={cache.refresh} aria-disabled={isLoading}>
          Refresh
        </button>
        <a class="button primary" href="#/generate">
          Generate a token
        </a>
      </div>
      <div class="filters" role="search">
        <label>
          <span>{searchesOnServer ? "Start of a name, an id, or owner:…" : "Search"}</span>
          <input
            type="search"
            value={list.search}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change({ search: withoutSecret(event.currentTarget.value) })}
          />
        </label>
        <label>
          <span>Show</span>
          <select value={list.show} onChange={(event) => change({ show: event.currentTarget.value as ListFilter })}>
            {FILTER_LABELS.map(([filter, label]) => (
              <option key={filter} value={filter}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <SortSelect list={list} onChange={change} />
        <p class="quiet count" role="status">
          {countText(found.length, listing?.entries.length ?? 0, isFiltered)}
          {isLoading && " Loading…"}
        </p>
      </div>
      {listing?.next != null && !isLoading && (
        <PartNotice searchesOnServer={searchesOnServer} count={listing.entries.length} onLoad={cache.loadAll} />
      )}
      {error && <ErrorNotice error={error} retry={cache.retry} />}
      {listing === null && error === null && <Skeleton />}
      {((isEmpty && !isFiltered) || isOnlyOwn) && <EmptyList hasOwn={isOnlyOwn} />}
      {isEmpty && isFiltered && (
        <div class="empty">
          <p>No tokens match these filters.</p>
          <button
            type="button"
            onClick={() =>
              updateAddress(addressOfList({ ...WHOLE_LIST, sort: list.sort, isDescending: list.isDescending }))
            }
          >
            Clear filters
          </button>
        </div>
      )}
      {found.length > 0 && (
        <div ref={top} tabIndex={-1} class="rows">
          <Table
            entries={found.slice(pager.start, pager.end)}
            list={list}
            ownId={ownId}
            onSort={change}
            onOpen={(id) => {
              props.position.opened = id;
            }}
            onDelete={props.onDelete}
          />
          {pager.pages > 1 && (
            <nav class="pager" aria-label="Pages of the list">
              <button
                type="button"
                aria-disabled={pager.page === 0}
                onClick={() => pager.page > 0 && openPage(pager.page - 1)}
              >
                Previous
              </button>
              <span>
                {pager.start + 1}–{pager.end} of {found.length}
              </span>
              <button
                type="button"
                aria-disabled={pager.page + 1 === pager.pages}
                onClick={() => pager.page + 1 < pager.pages && openPage(pager.page + 1)}
              >
                Next
              </button>
            </nav>
          )}
        </div>
      )}
    </main>
  );
}

/** Keeps `position` up to date. When the list is shown again, scrolls back and focuses the token that was opened. */
function usePosition(position: ListPosition, list: ListState, loaded: boolean): void {
  position.address = addressOfList(list);
  const restored = useRef(false);
  // The heading takes the focus in a layout effect, too. It is in a child of this component, so its effect runs first.
  useLayoutEffect(() => {
    if (!loaded || restored.current) return;
    restored.current = true;
    scrollTo(0, position.scroll);
    const link = `a.name[href="#/tokens/${position.opened}"]`;
    if (position.opened !== null) document.querySelector<HTMLElement>(link)?.focus({ preventScroll: true });
    position.opened = null;
  }, [loaded]);
  // This runs before the rows are removed, which would change `scrollY`.
  useLayoutEffect(
    () => () => {
      position.scroll = scrollY;
    },
    [],
  );
}

/** The control that sorts the list in narrow windows, where the table has no header. */
function SortSelect(props: { list: ListState; onChange: (changed: Partial<ListState>) => void }) {
  const { sort, isDescending } = props.list;
  const options = COLUMNS.flatMap(({ column, label, ascending, descending }) =>
    column === null
      ? []
      : [
          { column, text: `${label}: ${ascending}`, minus: "" },
          { column, text: `${label}: ${descending}`, minus: "-" },
        ],
  );
  return (
    <label class="sort-select">
      <span>Sort</span>
      <select
        value={`${isDescending ? "-" : ""}${sort}`}
        onChange={({ currentTarget: { value } }) =>
          props.onChange({ sort: value.replace("-", "") as Column, isDescending: value.startsWith("-") })
        }
      >
        {options.map(({ column, text, minus }) => (
          <option key={minus + column} value={minus + column}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function countText(found: number, loaded: number, isFiltered: boolean): string {
  if (loaded === 0) return "";
  const number = new Intl.NumberFormat(LOCALE);
  if (isFiltered) return `${number.format(found)} of ${number.format(loaded)} tokens`;
  return loaded === 1 ? "1 token" : `${number.format(loaded)} tokens`;
}

/** Tells the user that only some of the tokens are loaded and sorted. */
function PartNotice(props: { searchesOnServer: boolean; count: number; onLoad: () => void }) {
  return (
    <div class="notice info part" role="note">
      <p>
        Only the first {new Intl.NumberFormat(LOCALE).format(props.count)} tokens by name are loaded and sorted.
        {props.searchesOnServer &&
          " To find the others, filter by status, expiration or last use, or search for the start of a name, an id, or a whole owner, such as owner:Payments. To search for any part of a name, description or owner, load all."}
      </p>
      <button type="button" onClick={props.onLoad}>
        Load all
      </button>
    </div>
  );
}

function EmptyList(props: { hasOwn: boolean }) {
  return (
    <div class="empty">
      <p>
        {props.hasOwn ? "Your own token is the only one." : "You have no tokens yet."} A token lets a program call the
        API with the permissions that you choose.
      </p>
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
      {Array.from({ length: 8 }, (_, row) => (
        <div key={row} />
      ))}
    </div>
  );
}
