// The list of tokens: search, filters, order, pages, failures.
import assert from "node:assert/strict";
import {
  ADMIN,
  api,
  failing,
  generate,
  isOff,
  ORDERS,
  openToken,
  SUPER_ADMIN,
  signIn,
  test,
  UNAVAILABLE,
  waitForText,
} from "./support.mjs";

/**
 * Serves `count` tokens instead of those of the server, with the filters and pages of the API. `more` returns the members in
 * which the token with this index differs. Returns the list of the queries, which grows with each request.
 */
async function serve(page, count, more = () => ({})) {
  const { token: _, ...shown } = await generate(`template-${Math.random().toString(36).slice(2)}`);
  const all = Array.from({ length: count }, (_, n) => ({
    ...shown,
    id: String(n).padStart(16, "x"),
    name: `many-${String(n).padStart(5, "0")}`,
    ...more(n),
  }));
  const queries = [];
  await page.route("**/v1/tokens?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    queries.push(Object.fromEntries(query));
    const named = all.filter(({ name }) => name.startsWith(query.get("namePrefix") ?? ""));
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit"));
    // The limit applies before the filters, so a page may be shorter than the limit.
    const before = query.get("expiresBefore");
    const tokens = named
      .slice(from, to)
      .filter(({ status }) => (query.get("status") ?? status) === status)
      .filter(({ owner }) => (query.get("owner") ?? owner) === owner)
      .filter(({ expiresAt }) => before === null || (expiresAt !== null && expiresAt < before));
    return route.fulfill({ json: { tokens, nextCursor: to < named.length ? String(to) : null } });
  });
  return queries;
}

const names = (page) => page.locator("tbody th .name").allInnerTexts();

test("the list finds a part of a name while typing, and filters by state", async (page) => {
  for (const name of ["eu-search-a", "search-b", "searching"]) await generate(name);
  await signIn(page);
  await page.getByRole("searchbox").pressSequentially("Search-");
  await page.getByText(/^2 of/).waitFor();
  assert.deepEqual(await names(page), ["eu-search-a", "search-b"]);
  await page.getByLabel("Show").selectOption("Expired");
  await waitForText(page, "No tokens match these filters");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("link", { name: "searching", exact: true }).waitFor();
});

test("the list finds tokens by their description and creator, and those that expire within a week", async (page) => {
  const maker = await generate("finder-maker", SUPER_ADMIN);
  const body = { name: "found-by-maker", permissions: ORDERS, expiresInDays: 6 };
  assert.equal((await api("POST", "/v1/tokens", body, { token: maker.token })).status, 201);
  await generate("found-by-text", { description: "Dashboards of Grafana", expiresInDays: 8 });
  await signIn(page);
  for (const [text, name] of [
    ["grafana", "found-by-text"],
    ["finder-maker", "found-by-maker"],
  ]) {
    await page.getByRole("searchbox").fill(text);
    await page.getByRole("link", { name, exact: true }).waitFor();
  }
  await page.getByRole("searchbox").fill("found-by");
  await page.getByLabel("Show").selectOption("Expiring in 7 days");
  await page.getByText(/^1 of/).waitFor();
  assert.deepEqual(await names(page), ["found-by-maker"]);
});

test("the list shows permissions, creator and a near expiration", async (page) => {
  const maker = await generate("maker", SUPER_ADMIN);
  const made = { name: "near-its-end", expiresInDays: 6, description: "for the night shift", permissions: ORDERS };
  assert.equal((await api("POST", "/v1/tokens", made, { token: maker.token })).status, 201);
  await generate("far-from-it", { expiresInDays: 8 });
  await signIn(page);
  const row = (name) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  const near = await row("near-its-end").innerText();
  for (const said of ["for the night shift", "Send GET to /orders/**", "by maker", "Expires soon"])
    assert.ok(near.includes(said), `${said}: ${near}`);
  const far = await row("far-from-it").innerText();
  assert.ok(far.includes("by admin") && !far.includes("Expires soon"), far);
  // The buttons must be visible without hovering.
  for (const name of ["Edit near-its-end", "Delete near-its-end"]) {
    const action = page.getByLabel(name, { exact: true });
    const isVisible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    assert.ok(await action.evaluate(isVisible), name);
  }
});

test("the list filters tokens that were not used for 60 days, on the server if there are many", async (page) => {
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  await serve(page, 1300, (n) => ({
    createdAt: ago(100),
    lastUsed: n === 0 ? null : { at: ago(n < 3 ? 61 : 59), sourceIp: null, route: null },
  }));
  await signIn(page);
  await waitForText(page, "Only the first 1,000 tokens");
  const asked = page.waitForRequest(/unusedSince=/);
  await page.getByLabel("Show").selectOption("Unused for 60 days");
  await page.getByText(/^3 of/).waitFor();
  assert.deepEqual(await names(page), ["many-00000", "many-00001", "many-00002"]);
  const unusedSince = new URL((await asked).url()).searchParams.get("unusedSince");
  assert.ok(Date.parse(unusedSince) >= Date.parse(ago(60)) && Date.parse(unusedSince) <= Date.parse(ago(59)));
});

test("tokens that expire within a week are found also if there are many", async (page) => {
  const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await serve(page, 1300, (n) => ({ expiresAt: n % 100 === 7 ? inDays(n < 1200 ? 8 : 6) : inDays(40) }));
  await signIn(page);
  await waitForText(page, "Only the first 1,000 tokens");
  await waitForText(page, "To search for any part of a name, description or owner, load all.");
  await page.getByLabel("Show").selectOption("Expiring in 7 days");
  await page.getByRole("link", { name: "many-01207", exact: true }).waitFor();
  assert.deepEqual(await names(page), ["many-01207"]);
});

test("an owner's tokens are found also if there are many, and the address of the search shows them again", async (page) => {
  await serve(page, 1300, (n) => ({ owner: n === 1207 ? "Payments team" : "Payments" }));
  await signIn(page);
  await waitForText(page, "Only the first 1,000 tokens");
  await page.getByRole("searchbox").fill("owner:Payments team");
  await page.getByRole("link", { name: "many-01207", exact: true }).waitFor();
  assert.deepEqual(await names(page), ["many-01207"]);
  assert.equal(new URL(page.url()).hash, "#/?search=owner%3APayments+team");
});

test("a list with only your own token links to generating another one", async (page) => {
  const { token, ...own } = await generate("lonely", SUPER_ADMIN);
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens: [own], nextCursor: null } }));
  await signIn(page, token);
  await page.getByRole("link", { name: "Generate your first token" }).click();
  await page.getByRole("heading", { name: "Generate a token" }).waitFor();
});

test("a search that finds only your own token among many does not claim that it is the only one", async (page) => {
  const own = ADMIN.slice(4, 20);
  await serve(page, 1300, (n) => (n === 1207 ? { id: own } : {}));
  await signIn(page);
  await waitForText(page, "Only the first 1,000 tokens");
  await page.getByRole("searchbox").fill("many-01207");
  await page.getByText(/^1 of/).waitFor();
  assert.deepEqual(await names(page), ["many-01207"]);
  assert.equal(await page.getByText("Your own token is the only one").count(), 0);
});

test("a failed request is explained and can be retried", async (page) => {
  const restore = await failing(page, "**/v1/tokens?*", 503, UNAVAILABLE, { "retry-after": "1" });
  await signIn(page);
  await waitForText(page, "The table is unavailable");
  await waitForText(page, "The server asks you to wait 1 s.");
  await restore();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "admin", exact: true }).waitFor();
  await page.route("**/v1/tokens?*", (route) => route.abort());
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(page, "The server can’t be reached");
  // What was loaded before stays, and is not there twice after another attempt.
  await page.getByRole("link", { name: "admin", exact: true }).waitFor();
  await page.unroute("**/v1/tokens?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The server can’t be reached").waitFor({ state: "detached" });
  await page.waitForTimeout(300);
  assert.equal(await page.getByRole("link", { name: "admin", exact: true }).count(), 1);
});

test("Next always shows rows, even if only a few of many tokens match", async (page) => {
  // Every hundredth of 300 tokens has expired.
  await serve(page, 300, (n) => (n % 100 === 0 ? { status: "expired", expiresAt: "2026-01-01T00:00:00Z" } : {}));
  await signIn(page);
  await page.getByLabel(/Show|Status/).selectOption("Expired");
  await page.getByText(/^\d (of 300 tokens|tokens|loaded)/).waitFor();
  const next = page.getByRole("button", { name: "Next" });
  for (let time = 0; time < 3 && (await next.count()) > 0 && !(await isOff(next)); time++) {
    await next.click();
    await page.waitForTimeout(300);
    assert.ok((await names(page)).length > 0, "the list is empty");
  }
  assert.equal((await names(page)).length, 3);
});

test("Next opens the pages in order, each with its address, and an empty page of the API is skipped", async (page) => {
  const { token: _, ...shown } = await generate("paged");
  const pages = { null: [100, "a"], a: [0, "b"], b: [30, null] };
  await page.route("**/v1/tokens?*", (route) => {
    const [count, nextCursor] = pages[new URL(route.request().url()).searchParams.get("cursor")];
    const tokens = Array.from({ length: count }, (_, n) => {
      const id = `${nextCursor}${n}`.padEnd(16, "x");
      return { ...shown, id, name: `page-${nextCursor === "a" ? 1 : 2}-${String(n).padStart(3, "0")}` };
    });
    return route.fulfill({ json: { tokens, nextCursor } });
  });
  await signIn(page);
  await page.getByText("130 tokens", { exact: true }).waitFor();
  const next = page.getByRole("button", { name: "Next" });
  await next.scrollIntoViewIfNeeded();
  for (const range of ["51–100 of 130", "101–130 of 130"]) {
    await next.click();
    await page.getByText(range, { exact: true }).waitFor();
    // The reader continues at the first row of the page.
    const top = await page
      .locator("tbody tr")
      .first()
      .evaluate((row) => row.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 200, `${range} begins at ${top} px`);
  }
  assert.equal(await isOff(next), true);
  assert.ok(page.url().endsWith("#/?page=3"), page.url());
  await page.goBack();
  await page.getByText("51–100 of 130", { exact: true }).waitFor();
});

test("the whole list is sorted, and a notice above it tells if only some tokens are loaded", async (page) => {
  const created = (n) => ({ createdAt: new Date(1.7e12 - n * 1e6).toISOString() });
  await serve(page, 300, created);
  await signIn(page);
  await page.getByText("300 tokens", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Created" }).click();
  // The oldest is the last by name.
  assert.equal((await names(page))[0], "many-00299");
  await page.unroute("**/v1/tokens?*");
  const queries = await serve(page, 1300, created);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(page, "Only the first 1,000 tokens by name are loaded and sorted");
  const [notice, table] = [page.locator(".part"), page.locator("table")];
  const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok((await top(notice)) < (await top(table)));
  // The server searches what is not loaded.
  await page.getByRole("searchbox").fill("many-012");
  await page.getByText(/^100 of/).waitFor();
  assert.deepEqual(queries.at(-1), { limit: "100", namePrefix: "many-012" });
  await page.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: "Load all" }).click();
  await page.getByText("1,300 tokens", { exact: true }).waitFor();
  assert.equal((await names(page))[0], "many-01299");
});

test("if the table has no header, the list has a control to sort, and no hidden button receives the focus", async (page) => {
  await page.setViewportSize({ width: 800, height: 900 });
  await generate("sort-early", { expiresInDays: 1 });
  await generate("sort-late", { expiresInDays: 3000 });
  await signIn(page);
  await page.getByRole("searchbox").fill("sort-");
  await page.getByRole("combobox", { name: /^Sort/ }).selectOption("Expiration: latest first");
  await page.getByText(/^2 of/).waitFor();
  assert.deepEqual(await names(page), ["sort-late", "sort-early"]);
  for (const button of await page.locator("thead button").all()) {
    await button.evaluate((element) => element.focus());
    assert.equal(await button.evaluate((element) => element === document.activeElement), false);
  }
});

test("the list is as it was left after a token was opened, and after signing in again", async (page) => {
  await serve(page, 300);
  await signIn(page);
  await page.getByText("300 tokens", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Name" }).click();
  await page.getByRole("searchbox").fill("many-002");
  await page.getByText("1–50 of 100", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  const link = page.getByRole("link", { name: "many-00210", exact: true });
  await link.scrollIntoViewIfNeeded();
  const scroll = await page.evaluate(() => scrollY);
  assert.ok(scroll > 300);
  await link.click();
  await page.getByRole("heading", { name: "Token not found" }).waitFor();
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByText("51–100 of 100", { exact: true }).waitFor();
  assert.ok(Math.abs((await page.evaluate(() => scrollY)) - scroll) < 2, "the list has moved");
  assert.equal(await page.getByRole("searchbox").inputValue(), "many-002");
  assert.ok(await link.evaluate((element) => element === document.activeElement), "the focus is lost");
  await page.reload();
  await signIn(page);
  await page.getByText("51–100 of 100", { exact: true }).waitFor();
  assert.equal((await names(page))[0], "many-00249");
});

test("a change is shown in the list at once, and Refresh shows those of others", async (page) => {
  const { id } = await generate("refreshed", { description: "before" });
  await signIn(page);
  await openToken(page, "refreshed");
  await page.getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByText("after", { exact: true }).waitFor();
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs" });
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await page.getByText("theirs", { exact: true }).waitFor();
});

test("a row is at most 56 px high, also with a long description and many permissions", async (page) => {
  const words = "one two three four five six seven eight nine ten ".repeat(7).trim();
  const grants = Array.from({ length: 27 }, (_, n) => ({
    resource: "routes",
    methods: ["GET"],
    paths: [`/${n}/${"x".repeat(60)}`],
  }));
  await generate("tall-row", { description: words, permissions: { type: "specific", grants }, expiresInDays: 3 });
  await signIn(page);
  await page.getByRole("searchbox").fill("tall-row");
  await page.getByText(/^1 of/).waitFor();
  const { height } = await page.locator("tbody tr").boundingBox();
  assert.ok(height <= 56, `${height} px`);
});

test("markup from the server stays text, and an unreadable token can be deleted", async (page) => {
  const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  const { token: _, ...record } = await generate("markup", { description: markup });
  const unreadable = { id: record.id, name: `<b>${markup}</b>`, unreadable: true };
  const tokens = [
    { ...record, id: "0".repeat(16), name: markup, createdBy: { id: null, name: markup } },
    unreadable,
    { ...unreadable, id: null, name: "x" },
  ];
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens, nextCursor: null } }));
  await signIn(page);
  await waitForText(page, "This token is damaged");
  assert.equal(await page.locator("tbody img, tbody script, tbody b").count(), 0);
  assert.equal(await page.title(), "API tokens · tokenward");
  await page.getByRole("button", { name: `Delete <b>${markup}</b>` }).click();
  await page.getByLabel(`Type <b>${markup}</b> to confirm`).fill(unreadable.name);
  await page.getByRole("button", { name: "Delete token" }).click();
  await waitForText(page, "was deleted.");
  assert.equal((await api("GET", `/v1/tokens/${record.id}`)).status, 404);
});
