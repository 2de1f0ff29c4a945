// The list of tokens: filters, pages, failures.
import assert from "node:assert/strict";
import { api, failing, generate, ORDERS, SUPER_ADMIN, signIn, test, UNAVAILABLE, waitForText } from "./support.mjs";

test("the list filters by name prefix while typing, and by status", async (page) => {
  for (const name of ["search-a", "search-b", "searching"]) await generate(name);
  await signIn(page);
  const rows = page.locator("tbody tr");
  await page.getByLabel("Name starts with").pressSequentially("Search-");
  await page.getByText("2 tokens", { exact: true }).waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByLabel("Status").selectOption("Expired");
  await waitForText(page, "No tokens match these filters");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("link", { name: "searching", exact: true }).waitFor();
  await page.getByLabel("Name starts with").fill("-nothing");
  await waitForText(page, "No name starts with this");
  // The page must not report an empty result before the server has responded.
  await page.evaluate(() => {
    globalThis.hasty = false;
    new MutationObserver(() => (globalThis.hasty ||= document.body.innerText.includes("No tokens match"))).observe(
      document.body,
      { childList: true, subtree: true },
    );
  });
  await page.getByLabel("Name starts with").fill("search-");
  await page.getByText("2 tokens", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.hasty), false);
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
    assert.ok(
      await action.evaluate((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })),
      name,
    );
  }
});

test("an empty list links to generating a token", async (page) => {
  const { token } = await generate("lonely", SUPER_ADMIN);
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens: [], nextCursor: null } }));
  await signIn(page, token);
  await page.getByRole("link", { name: "Generate your first token" }).click();
  await page.getByRole("heading", { name: "Generate a token" }).waitFor();
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
  await page.getByLabel("Status").selectOption("Active");
  await waitForText(page, "The server can’t be reached");
});

test("paging continues past an empty page, and sorting names its scope", async (page) => {
  const record = await generate("paged");
  const { token: _, ...shown } = record;
  const pages = { null: [100, "a"], a: [0, "b"], b: [30, null] };
  await page.route("**/v1/tokens?*", (route) => {
    const [count, nextCursor] = pages[new URL(route.request().url()).searchParams.get("cursor")];
    const tokens = Array.from({ length: count }, (_, n) => ({
      ...shown,
      id: `${nextCursor}${n}`.padEnd(16, "x"),
      name: `page-${nextCursor}-${n}`,
      createdAt: new Date(1.7e12 + n * 1e6).toISOString(),
    }));
    return route.fulfill({ json: { tokens, nextCursor } });
  });
  await signIn(page);
  await waitForText(page, "100 loaded, more available");
  await page.getByRole("button", { name: "Created" }).click();
  await waitForText(page, "Only the 100 loaded tokens are sorted");
  await page.getByRole("button", { name: "Name" }).click();
  for (const range of ["51–100", "101–130"]) {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(range, { exact: true }).waitFor();
  }
  await waitForText(page, "130 tokens");
  assert.equal(await page.getByRole("button", { name: "Next" }).isDisabled(), true);
  await page.reload();
  await signIn(page);
  await page.getByRole("button", { name: "Load all" }).click();
  await waitForText(page, "130 tokens");
});

test("markup from the server stays text, and an unreadable token can be deleted", async (page) => {
  const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  const { token: _, ...record } = await generate("markup", { description: markup });
  const unreadable = { id: record.id, name: `<b>${markup}</b>`, unreadable: true };
  const tokens = [
    { ...record, name: markup, createdBy: { id: null, name: markup } },
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
