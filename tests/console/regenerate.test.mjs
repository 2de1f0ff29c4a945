// Regenerating a token.
import assert from "node:assert/strict";
import { SUPER_ADMIN, URL_OF_GATEWAY, api, generate, openToken, shownToken, signIn, test, waitForText } from "./support.mjs";

test("regenerating replaces the secret, and a super-admin token requires its name", async (page) => {
  const { id, token } = await generate("old-admin", SUPER_ADMIN);
  await signIn(page);
  await openToken(page, "old-admin");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const button = page.getByRole("button", { name: "Regenerate token" });
  assert.equal(await button.isDisabled(), true);
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
  assert.equal((await fetch(`${URL_OF_GATEWAY}/orders/7`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
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
  // The list was loaded with the new token, because the old one no longer works.
  assert.equal((await api("GET", "/v1/tokens?limit=1", null, { token })).status, 403);
  assert.equal((await api("GET", "/v1/tokens?limit=1", null, { token: fresh })).status, 200);
});
