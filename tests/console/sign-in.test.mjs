// Signing in and out.
import assert from "node:assert/strict";
import { ADMIN, api, generate, SUPER_ADMIN, signIn, test, waitForText } from "./support.mjs";

test("a malformed token is rejected without a request", async (page) => {
  let asked = 0;
  page.on("request", (request) => (asked += request.url().includes("/v1/")));
  const wrong = `${ADMIN.slice(0, -1)}${ADMIN.endsWith("0") ? "1" : "0"}`;
  for (const text of ["hunter2", ADMIN.slice(0, -1), wrong]) {
    await page.getByLabel("Token", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Sign in" }).click();
    await waitForText(page, "This token looks incomplete");
  }
  assert.equal(asked, 0);
});

test("a deleted token, and one that may not be used from here, are rejected", async (page) => {
  const elsewhere = await generate("elsewhere-admin", { ...SUPER_ADMIN, allowedIps: ["203.0.113.0/24"] });
  const gone = await generate("gone-admin", SUPER_ADMIN);
  await api("DELETE", `/v1/tokens/${gone.id}`);
  for (const { token: text } of [elsewhere, gone]) {
    await page.getByLabel("Token", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Sign in" }).click();
    await waitForText(page, "This token was not accepted");
    await page.getByLabel("Token", { exact: true }).fill("");
  }
});

test("the token is kept in memory only, and reloading the page signs the user out", async (page, context) => {
  await signIn(page);
  const stored = () =>
    page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.equal(await stored(), '[{},{},""]');
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByLabel("Token", { exact: true }).inputValue(), "");
});

test("a token that stops working signs the user out", async (page) => {
  const { id, token } = await generate("short-lived", SUPER_ADMIN);
  await signIn(page, token);
  // Wait until the list is loaded, so that the token does not fail before Refresh.
  await page.locator("tbody tr").first().waitFor();
  await page.getByRole("button", { name: "Refresh", exact: true, disabled: false }).waitFor();
  await api("DELETE", `/v1/tokens/${id}`);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(page, "Your token no longer works");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a valid token is accepted together with text that is often copied with it", async (page) => {
  for (const text of [
    `Bearer ${ADMIN}`,
    `Authorization: Bearer ${ADMIN}`,
    `"${ADMIN}"`,
    `'${ADMIN.slice(0, 30)}\n  ${ADMIN.slice(30)}'`,
    `\u200b${ADMIN}\ufeff`,
  ]) {
    // The control removes line breaks from typed text, but not from pasted text in every browser.
    await signIn(page, text);
    await page.getByRole("button", { name: "Sign out" }).click();
  }
});
