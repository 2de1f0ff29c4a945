// Owners, histories, and finding a token by its id.
import assert from "node:assert/strict";
import { api, generate, openToken, secretOf, signIn, test, waitForText } from "./support.mjs";

test("an owner is set when a token is generated, found in the list, and changed", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("owned-token");
  await page.getByLabel("Owner").fill("x".repeat(101));
  await waitForText(page, "Enter at most 100 characters, not 101");
  await page.getByLabel("Owner").fill("Payments team");
  await page.getByRole("tab", { name: "Chart groups" }).click();
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("searchbox").fill("payments team");
  await page.getByText(/^1 of/).waitFor();
  await page.getByRole("link", { name: "owned-token", exact: true }).click();
  await page.getByLabel("Owner").fill("Billing team");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  const [record] = (await api("GET", "/v1/tokens?namePrefix=owned-token")).body.tokens;
  assert.deepEqual([record.owner, record.version], ["Billing team", 2]);
  await page.getByLabel("Owner").fill("");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("version 3").waitFor();
  assert.equal((await api("GET", `/v1/tokens/${record.id}`)).body.owner, null);
});

test("the history is shown on request, in words and page by page", async (page) => {
  const { id } = await generate("eventful");
  for (let n = 0; n < 21; n++) await api("PATCH", `/v1/tokens/${id}`, { description: String(n), owner: String(n) });
  await api("POST", `/v1/tokens/${id}/regenerate`, {});
  await signIn(page);
  await openToken(page, "eventful");
  const history = page.getByRole("region", { name: "History" });
  assert.equal(await history.getByRole("listitem").count(), 0);
  await history.getByRole("button", { name: "Show history" }).click();
  const first = history.getByRole("listitem").first();
  await waitForText(first, "regenerated the token");
  assert.match(await first.innerText(), /^admin regenerated the token .*from 127\.0\.0\.1\nBefore and after$/s);
  await waitForText(history, "changed the description and the owner");
  await history.getByRole("button", { name: "Show more" }).click();
  await history.getByRole("listitem").filter({ hasText: "admin generated the token" }).waitFor();
  assert.equal(await history.getByRole("listitem").count(), 23);
});

test("a search for a whole token finds its record by id, and does not send or keep its secret", async (page) => {
  const { id, token } = await generate("found-by-id");
  await generate("not-found-by-id");
  await signIn(page);
  // The harness also fails the test if the address of any request contains a token.
  const secret = secretOf(token);
  for (const text of [token, `Bearer ${token}`, id]) {
    await page.getByRole("searchbox").fill(text);
    await page.getByText(/^1 of/).waitFor();
    await page.getByRole("link", { name: "found-by-id", exact: true }).waitFor();
    assert.equal(await page.getByRole("searchbox").inputValue(), id);
    assert.ok(!page.url().includes(secret) && page.url().includes(id), page.url());
    await page.getByRole("searchbox").fill("");
    await page.getByRole("link", { name: "not-found-by-id", exact: true }).waitFor();
  }
});

test("if not all tokens are loaded, the server finds an id", async (page) => {
  const { token: secret, ...record } = await generate("far-behind");
  await page.route("**/v1/tokens?*", (route) => {
    const { searchParams } = new URL(route.request().url());
    const from = Number(searchParams.get("cursor") ?? 0);
    const tokens = Array.from({ length: 100 }, (_, n) => ({
      ...record,
      id: String(from + n).padStart(16, "x"),
      name: `crowd-${String(from + n).padStart(5, "0")}`,
    }));
    return route.fulfill({ json: { tokens, nextCursor: String(from + 100) } });
  });
  await signIn(page);
  await waitForText(page, "Only the first 1,000 tokens");
  const asked = page.waitForRequest((request) => request.url().endsWith(`/v1/tokens/${record.id}`));
  await page.getByRole("searchbox").fill(secret);
  await asked;
  await page.getByRole("link", { name: "far-behind", exact: true }).waitFor();
});
