// Grace periods, and the last use of a token.
import assert from "node:assert/strict";
import {
  api,
  failing,
  forward,
  generate,
  openToken,
  shownToken,
  signIn,
  test,
  UNAVAILABLE,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

/** Uses a token, and returns the status of the response. */
const use = async (token) =>
  (await fetch(`${URL_OF_GATEWAY}/orders/7`, { headers: { authorization: `Bearer ${token}` } })).status;

/** Regenerates a token through the API, with a grace period. */
async function regenerate(id) {
  const { status, body } = await api("POST", `/v1/tokens/${id}/regenerate`, { gracePeriodSeconds: 3600 });
  assert.equal(status, 200);
  return body.token;
}

const previous = (page) => page.getByRole("region", { name: "Previous secret" });

test("with a grace period both secrets work, and its end can be brought forward", async (page) => {
  const { id, token } = await generate("graceful");
  await signIn(page);
  await openToken(page, "graceful");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  const grace = dialog.getByLabel("Grace period");
  assert.equal(await grace.locator("option:checked").innerText(), "None, for a leaked token");
  await waitForText(dialog, "The current secret stops working immediately");
  await waitForText(dialog, "programs fail until they have the new token");
  await grace.selectOption("1 day");
  await waitForText(dialog, "The current secret stops working after 1 day");
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  const fresh = await shownToken(page);
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  const { validUntil } = (await api("GET", `/v1/tokens/${id}`)).body.previousSecret;
  assert.ok(Math.abs(Date.parse(validUntil) - Date.now() - 86_400_000) < 60_000, validUntil);
  await waitForText(previous(page), /in (24 hours|1 day)|in 23 hours|tomorrow/);
  await waitForText(previous(page), "Never");
  assert.deepEqual([await use(token), await use(fresh)], [200, 200]);
  // Another grace period is not offered while this one lasts.
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await waitForText(dialog, "Regenerating ends both secrets");
  assert.equal(await dialog.getByLabel("Grace period").count(), 0);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "End now" }).click();
  await waitForText(page, "The previous secret stops working immediately.");
  await previous(page).waitFor({ state: "detached" });
  assert.deepEqual([await use(token), await use(fresh)], [403, 200]);
});

test("rolling back says which token string works, and keeps what was typed", async (page) => {
  const { id, token } = await generate("regretted");
  const fresh = await regenerate(id);
  assert.equal(await use(token), 200);
  await signIn(page);
  await openToken(page, "regretted");
  await waitForText(previous(page), "just now");
  await page.getByLabel("Description").fill("typed before");
  await page.getByRole("button", { name: "Roll back…" }).click();
  const dialog = page.getByRole("dialog", { name: "Roll back regretted" });
  await waitForText(dialog, "only the token string from before the last regenerate works");
  assert.deepEqual([await use(token), await use(fresh)], [200, 200]);
  await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
  await waitForText(page, "Rolled back.");
  assert.deepEqual([await use(token), await use(fresh)], [200, 403]);
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "typed before");
});

test("a stale page rolls nothing back, and a lost response can be checked", async (page) => {
  const { id, token } = await generate("rolled-late");
  const fresh = await regenerate(id);
  await signIn(page);
  await openToken(page, "rolled-late");
  await api("PATCH", `/v1/tokens/${id}`, { description: "changed" });
  await page.getByRole("button", { name: "Roll back…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Roll back", exact: true }).click();
  await waitForText(dialog, "Someone else changed this token. Nothing was changed here.");
  assert.equal(await use(fresh), 200);
  await dialog.getByRole("button", { name: "Show the current version" }).click();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "changed");
  await page.route("**/previous", async (route) => {
    await forward(route);
    await route.abort();
  });
  await page.getByRole("button", { name: "End now" }).click();
  await waitForText(page, "We don’t know whether this was done");
  await page.getByRole("button", { name: "Show the current version" }).click();
  await previous(page).waitFor({ state: "detached" });
  assert.equal(await use(token), 403);
});

test("a failure to end the grace period is explained", async (page) => {
  const { id } = await generate("not-ended");
  await regenerate(id);
  await signIn(page);
  await openToken(page, "not-ended");
  await failing(page, "**/previous", 429, { ...UNAVAILABLE, status: 429, detail: "The table is throttled." });
  await page.getByRole("button", { name: "End now" }).click();
  await waitForText(previous(page), "The table is throttled.");
  assert.notEqual((await api("GET", `/v1/tokens/${id}`)).body.previousSecret, null);
});

test("the last use is shown in the list and on the page, and dialogs warn of it", async (page) => {
  const { token } = await generate("in-daily-use");
  await generate("never-in-use");
  await signIn(page);
  const cell = (name) => page.getByRole("row").filter({ hasText: name }).locator('[data-label="Last used"]');
  assert.equal(await cell("in-daily-use").innerText(), "Never");
  assert.equal(await use(token), 200);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(cell("in-daily-use"), "just now");
  assert.equal(await cell("never-in-use").innerText(), "Never");
  for (const [name, warnings] of [
    ["in-daily-use", 1],
    ["never-in-use", 0],
  ]) {
    await openToken(page, name);
    for (const action of ["Regenerate…", "Delete…"]) {
      await page.getByRole("button", { name: action }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Cancel" }).waitFor();
      assert.equal(await dialog.getByText("This token is in use").count(), warnings, `${action} ${name}`);
      await dialog.getByRole("button", { name: "Cancel" }).click();
    }
    const fact = page.locator(".facts div").filter({ hasText: "Last used" });
    await waitForText(fact, warnings > 0 ? "/orders/" : "Never");
    await page.getByRole("link", { name: "All tokens" }).click();
  }
});
