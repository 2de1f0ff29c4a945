// Deleting a token.
import assert from "node:assert/strict";
import { api, failing, generate, isOff, openToken, SUPER_ADMIN, signIn, test, waitForText } from "./support.mjs";

test("deleting requires the name, and deleting the session's own token signs out", async (page) => {
  const { token } = await generate("own-admin", SUPER_ADMIN);
  const other = await generate("other-token");
  await signIn(page, token);
  await page.getByRole("searchbox").fill("other");
  await page.getByRole("button", { name: "Delete other-token" }).click();
  const button = page.getByRole("button", { name: "Delete token" });
  await page.getByLabel("Type other-token to confirm").fill("other-tokem");
  assert.equal(await isOff(button), true);
  await page.getByLabel("Type other-token to confirm").fill("other-token");
  await button.click();
  await waitForText(page, "other-token was deleted.");
  assert.equal((await api("GET", `/v1/tokens/${other.id}`)).status, 404);
  await openToken(page, "own-admin");
  await page.getByRole("button", { name: "Delete…" }).click();
  await waitForText(page, "Deleting it signs you out");
  await page.getByLabel("Type own-admin to confirm").fill("own-admin");
  await button.click();
  await waitForText(page, "the token you were signed in with");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a token is not reported as deleted if the API does not have the route", async (page) => {
  const { id } = await generate("still-there");
  await signIn(page);
  await page.getByRole("searchbox").fill("still");
  await page.getByRole("button", { name: "Delete still-there" }).click();
  await page.getByLabel("Type still-there to confirm").fill("still-there");
  await failing(page, `**/v1/tokens/${id}`, 404, { message: "Not Found" });
  await page.getByRole("button", { name: "Delete token" }).click();
  await waitForText(page.getByRole("dialog"), "The API doesn’t have this route.");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).status, 200);
});
