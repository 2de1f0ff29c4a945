import assert from "node:assert/strict";
import { test } from "node:test";
import { type ListState, WHOLE_LIST } from "../src/address";
import { ApiError, type Entry, type Page, type TokenRecord } from "../src/api";
import { EMPTY_LISTING, filterAndSort, firstPage, loadPages, serverQuery, withoutId, withRecord } from "../src/listing";
import { endOfExpiringSoon } from "../src/time";

const NOW = Date.parse("2026-11-23T09:00:00Z");

const token = (name: string, more: Partial<TokenRecord> = {}): TokenRecord => ({
  id: name.padEnd(16, "0"),
  name,
  description: null,
  status: "active",
  expiresAt: null,
  permissions: { type: "specific", grants: [] },
  allowedIps: null,
  selfRegenerate: false,
  version: 1,
  createdAt: "2026-11-01T00:00:00Z",
  createdBy: { id: null, name: "bootstrap" },
  updatedAt: "2026-11-01T00:00:00Z",
  updatedBy: { id: null, name: "bootstrap" },
  owner: null,
  previousSecret: null,
  lastUsed: null,
  regeneratedAt: null,
  ...more,
});

const show = (entries: Entry[], list: Partial<ListState>) =>
  filterAndSort(entries, { ...WHOLE_LIST, ...list }, NOW).map(({ name }) => name);

test("loading continues past empty pages, and stops at the limit or the end", async () => {
  const pages: Record<string, Page> = {
    null: { tokens: [token("a"), token("b")], nextCursor: "1" },
    "1": { tokens: [], nextCursor: "2" },
    "2": { tokens: [token("c")], nextCursor: null },
  };
  const counts = async (limit: number) => {
    const found: number[] = [];
    const fetchPage = async (cursor: string | null) => pages[String(cursor)] as Page;
    for await (const { entries } of loadPages(fetchPage, EMPTY_LISTING, limit)) found.push(entries.length);
    return found;
  };
  assert.deepEqual(await counts(100), [2, 2, 3]);
  assert.deepEqual(await counts(2), [2]);
});

test("the search finds parts of names, descriptions and creators, in any case", () => {
  const entries = [
    token("eu-grafana"),
    token("dashboards", { description: "For Grafana" }),
    token("other", { createdBy: { id: null, name: "grafana-admin" } }),
    token("none"),
    { id: null, name: "grafana-broken", unreadable: true as const },
  ];
  assert.deepEqual(show(entries, { search: " GRAFANA " }), ["dashboards", "eu-grafana", "grafana-broken", "other"]);
});

test("tokens are filtered by their state at the current time, and sorted by their expiration and name", () => {
  const entries = [
    token("never"),
    token("soon", { expiresAt: "2026-11-29T00:00:00Z" }),
    token("later", { expiresAt: "2027-11-29T00:00:00Z" }),
    // The clock has passed its expiration since it was loaded.
    token("over", { expiresAt: "2026-11-23T08:59:59Z" }),
    token("admin", { permissions: { type: "superAdmin" } }),
  ];
  assert.deepEqual(show(entries, { show: "soon" }), ["soon"]);
  assert.deepEqual(show(entries, { show: "expired" }), ["over"]);
  assert.deepEqual(show(entries, { show: "active" }), ["admin", "later", "never", "soon"]);
  assert.deepEqual(show(entries, { show: "superAdmin" }), ["admin"]);
  assert.deepEqual(show(entries, { sort: "expires" }), ["over", "soon", "later", "admin", "never"]);
  assert.deepEqual(show(entries, { sort: "name", isDescending: true })[0], "soon");
});

test("tokens that were not used for 60 days are shown, and sorted by their last use", () => {
  const used = (at: string) => ({ lastUsed: { at, sourceIp: null, route: null } });
  const old = { createdAt: "2026-01-01T00:00:00Z" };
  const entries = [
    token("a-recent", { ...old, ...used("2026-11-23T08:00:00Z") }),
    token("b-long-ago", { ...old, ...used("2026-03-01T00:00:00Z") }),
    token("c-never", old),
    token("d-new"),
  ];
  assert.deepEqual(show(entries, { show: "unused" }), ["b-long-ago", "c-never"]);
  assert.deepEqual(show(entries, { sort: "used" }), ["c-never", "d-new", "b-long-ago", "a-recent"]);
});

test("the server filters by a possible start of a name, by status, expiration and last use", () => {
  assert.deepEqual(serverQuery({ search: "CI-", show: "active" }), { namePrefix: "ci-", status: "active" });
  assert.deepEqual(serverQuery({ search: "", show: "soon" }), { expiresBefore: endOfExpiringSoon() });
  assert.deepEqual(serverQuery({ search: "", show: "expired" }), { status: "expired" });
  assert.deepEqual(Object.keys(serverQuery({ search: "", show: "unused" }) ?? {}), ["unusedSince"]);
  for (const search of ["-ci", "a b", "ä", "owner:", "owner: "])
    assert.equal(serverQuery({ search, show: "" }), null, search);
});

test("a search with owner: matches only the whole name of an owner, both in the browser and on the server", () => {
  assert.deepEqual(serverQuery({ search: "owner:Payments team", show: "" }), { owner: "Payments team" });
  assert.deepEqual(serverQuery({ search: " Owner: a ", show: "expired" }), { owner: "a", status: "expired" });
  const entries = [token("a", { owner: "Payments" }), token("b", { owner: "Payments team" }), token("owner")];
  assert.deepEqual(show(entries, { search: "owner:Payments" }), ["a"]);
  assert.deepEqual(show(entries, { search: "owner:payments" }), []);
});

test("a token is found by its owner and its id", () => {
  const entries = [token("a", { id: "4GkTz0a9QmW1xB7c" }), token("b", { owner: "Payments team" })];
  assert.deepEqual(show(entries, { search: "payments" }), ["b"]);
  assert.deepEqual(show(entries, { search: "4GkTz0a9QmW1xB7c" }), ["a"]);
  assert.deepEqual(show(entries, { search: "4gktz0a9qmw1xb7c" }), []);
});

test("a search that could be an id returns that token, or the filtered list if no token has the id", async () => {
  const id = "4GkTz0a9QmW1xB7c";
  const query = { id, namePrefix: "4gktz0a9qmw1xb7c" };
  assert.deepEqual(serverQuery({ search: id, show: "" }), query);
  const list = async () => ({ tokens: [token("listed")], nextCursor: null });
  const find = async (status: number | null) => {
    const get = async () => {
      if (status !== null) throw new ApiError(status, "failed");
      return token("found");
    };
    return (await firstPage(query, get, list)).tokens.map(({ name }) => name);
  };
  assert.deepEqual(await find(null), ["found"]);
  assert.deepEqual(await find(404), ["listed"]);
  await assert.rejects(find(503), ApiError);
});

test("a changed record is sorted into the list, unless its place is after the last loaded entry", () => {
  const names = (next: string | null, name: string) =>
    withRecord({ entries: [token("a"), token("c")], next }, token(name)).entries.map((entry) => entry.name);
  assert.deepEqual(names(null, "b"), ["a", "b", "c"]);
  assert.deepEqual(names(null, "d"), ["a", "c", "d"]);
  assert.deepEqual(names("cursor", "d"), ["a", "c"]);
  assert.deepEqual(names(null, "c"), ["a", "c"]);
  assert.deepEqual(withoutId({ entries: [token("a")], next: null }, token("a").id).entries, []);
});
