// The part of an address after the `#`: which page it opens, and the state of the list.
import { withoutSecret } from "./api";

/** A column that the list can be sorted by. */
export type Column = "name" | "expires" | "used" | "created" | "updated";
const COLUMNS: readonly string[] = ["name", "expires", "used", "created", "updated"] satisfies Column[];

/** Which tokens the list shows: `soon` those that expire within seven days, `unused` those not used for 60 days. */
export type ListFilter = "" | "active" | "soon" | "expired" | "unused" | "superAdmin";
const FILTERS: readonly string[] = ["", "active", "soon", "expired", "unused", "superAdmin"] satisfies ListFilter[];

export interface ListState {
  search: string;
  show: ListFilter;
  sort: Column;
  isDescending: boolean;
  /** From 0. */
  page: number;
}

export const WHOLE_LIST: ListState = { search: "", show: "", sort: "name", isDescending: false, page: 0 };

/** A page and its parameters. Those in `start` are the first values of the form: see `start.ts`. */
export type Place =
  | { page: "list"; list: ListState }
  | { page: "token"; id: string }
  | { page: "self" }
  | { page: "history"; from: string; to: string }
  | { page: "generate"; start: URLSearchParams };

export function parseAddress(address: string): Place {
  const [path = "", query = ""] = address.replace(/^#/, "").split(/\?(.*)/s, 2);
  const parameters = new URLSearchParams(query);
  const id = /^\/tokens\/([0-9A-Za-z]+)$/.exec(path)?.[1];
  if (id !== undefined) return { page: "token", id };
  if (path === "/self") return { page: "self" };
  if (path === "/history") return { page: "history", ...parseDays(parameters) };
  if (path === "/generate") return { page: "generate", start: parameters };
  return { page: "list", list: parseList(parameters) };
}

/** Returns the days of a history: those of the address, or else today in UTC. The server validates them too. */
function parseDays(parameters: URLSearchParams): { from: string; to: string } {
  const today = new Date().toISOString().slice(0, 10);
  const dayOf = (name: string) => /^\d{4}-\d\d-\d\d$/.exec(parameters.get(name) ?? "")?.[0];
  return { from: dayOf("from") ?? today, to: dayOf("to") ?? today };
}

export const addressOfHistory = (from: string, to: string): string => `#/history?from=${from}&to=${to}`;

function parseList(parameters: URLSearchParams): ListState {
  const show = parameters.get("show") ?? "";
  const [, minus, column = "name"] = /^(-?)(\w+)$/.exec(parameters.get("sort") ?? "name") ?? [];
  const page = Number(parameters.get("page") ?? 1);
  const known = COLUMNS.includes(column);
  return {
    search: withoutSecret(parameters.get("search") ?? ""),
    show: FILTERS.includes(show) ? (show as ListFilter) : "",
    sort: known ? (column as Column) : "name",
    isDescending: known && minus === "-",
    page: Number.isInteger(page) && page > 0 ? page - 1 : 0,
  };
}

/** Returns the address of the list. Parameters with the values of `WHOLE_LIST` are omitted. */
export function addressOfList(list: ListState): string {
  const parameters = new URLSearchParams();
  if (list.search !== "") parameters.set("search", list.search);
  if (list.show !== "") parameters.set("show", list.show);
  const sort = `${list.isDescending ? "-" : ""}${list.sort}`;
  if (sort !== "name") parameters.set("sort", sort);
  if (list.page > 0) parameters.set("page", String(list.page + 1));
  return parameters.size === 0 ? "#/" : `#/?${parameters}`;
}
