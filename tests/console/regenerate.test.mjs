// Regenerating a token.
import assert from "node:assert/strict";
import {
  api,
  generate,
  isOff,
  openToken,
  SUPER_ADMIN,
  setSetting,
  shownToken,
  signIn,
  test,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

test("regenerating replaces the secret, and requires typing the name of a super-admin token", async (page) => {
  const { id, token } = await generate("old-admin", SUPER_ADMIN);
  await signIn(page);
  await openToken(page, "old-admin");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const button = page.getByRole("button", { name: "Regenerate token" });
  assert.equal(await isOff(button), true);
  await page.getByLabel("Type old-admin to confirm").fill("old-admin");
  await page.getByRole("dialog").getByLabel("Expiration").selectOption("7 days");
  await button.click();
  const dialog = page.getByRole("dialog", { name: "old-admin has a new token" });
  const fresh = await shownToken(page);
  assert.equal((await api("GET", `/v1/tokens/${id}`, null, { token })).status, 403);
  assert.equal((await api("GET", `/v1/tokens/${id}`, null, { token: fresh })).status, 200);
  await dialog.getByLabel("I’ve saved it").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await waitForText(page, "version 2");
});

test("a stale page regenerates nothing", async (page) => {
  const { id, token } = await generate("stale");
  await signIn(page);
  await openToken(page, "stale");
  await api("PATCH", `/v1/tokens/${id}`, { description: "changed" });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await waitForText(page, "Nothing was regenerated");
  assert.equal(
    (await fetch(`${URL_OF_GATEWAY}/orders/7`, { headers: { authorization: `Bearer ${token}` } })).status,
    200,
  );
  await page.getByRole("button", { name: "Show the current version" }).click();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "changed");
});

test("regenerating the session's own token continues with the new one", async (page) => {
  const { token } = await generate("self-admin", SUPER_ADMIN);
  await signIn(page, token);
  await openToken(page, "self-admin");
  await waitForText(page, "You are signed in with this token");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByLabel("Type self-admin to confirm").fill("self-admin");
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const fresh = await shownToken(page);
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByRole("link", { name: "self-admin", exact: true }).waitFor();
  // The list must have been loaded with the new token, because the old one no longer works.
  assert.equal((await api("GET", "/v1/tokens?limit=1", null, { token })).status, 403);
  assert.equal((await api("GET", "/v1/tokens?limit=1", null, { token: fresh })).status, 200);
});

const DAY = 86_400_000;

/** Regenerates a token with what the dialog preselects, and returns the selected option and the new lifetime. */
async function regenerateAsPreselected(page, name) {
  const { tokens } = (await api("GET", `/v1/tokens?namePrefix=${name}`)).body;
  await page
    .getByRole("link", { name: "All tokens" })
    .or(page.getByRole("heading", { name: "API tokens" }))
    .first()
    .click();
  await openToken(page, name);
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  const selected = await dialog.getByLabel("Expiration").locator("option:checked").innerText();
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await dialog.getByRole("button", { name: "Copy token" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  const { expiresAt, regeneratedAt } = (await api("GET", `/v1/tokens/${tokens[0].id}`)).body;
  return { selected, lifetime: expiresAt && Date.parse(expiresAt) - Date.parse(regeneratedAt) };
}

test("regenerating preselects the lifetime that the token had", async (page) => {
  const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+/, "");
  await generate("lifetime-year", { expiresInDays: 365 });
  await generate("lifetime-none", { expiresAt: null });
  await generate("lifetime-hours", { expiresAt: inHours(36) });
  const { id } = await generate("lifetime-changed", { expiresInDays: 90 });
  assert.equal((await api("POST", `/v1/tokens/${id}/regenerate`, { expiresInDays: 7 })).status, 200);
  await signIn(page);
  for (const [name, option, days] of [
    ["lifetime-year", "Same lifetime: 365 days", 365],
    ["lifetime-hours", "Same lifetime: 36 hours", 1.5],
    ["lifetime-changed", "Same lifetime: 7 days", 7],
  ]) {
    const { selected, lifetime } = await regenerateAsPreselected(page, name);
    assert.equal(selected, option);
    assert.ok(Math.abs(lifetime - days * DAY) < 60_000, `${name}: ${lifetime / DAY} days`);
  }
  assert.deepEqual(await regenerateAsPreselected(page, "lifetime-none"), {
    selected: "Same lifetime: no expiration",
    lifetime: null,
  });
});

test("regenerating preselects no more than the deployment's maximum", async (page) => {
  await generate("above-maximum", { expiresAt: null });
  await setSetting(page, "max-lifetime-days", 10);
  await signIn(page);
  const { selected, lifetime } = await regenerateAsPreselected(page, "above-maximum");
  assert.equal(selected, "Same lifetime: 10 days");
  assert.ok(Math.abs(lifetime - 10 * DAY) < 60_000, `${lifetime / DAY} days`);
});
