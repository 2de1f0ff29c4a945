// An API that is slow, and one that cannot be reached.
import assert from "node:assert/strict";
import { generate, isOff, openToken, signIn, test, waitForText } from "./support.mjs";

test("the page waits for an API that takes ten seconds, and shows meanwhile that it waits", async (page) => {
  const { token } = await generate("patient");
  await page.route("**/v1/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    // The page may have stopped waiting.
    await route.continue().catch(() => {});
  });
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  const button = page.getByRole("button", { name: "Signing in…" });
  await button.waitFor();
  assert.equal(await isOff(button), true);
  await page.getByRole("heading", { name: "patient", exact: true }).waitFor();
  await page.getByRole("button", { name: "Revoke…" }).click();
  await page.getByLabel("Type patient to confirm").fill("patient");
  await page.getByRole("button", { name: "Revoke token" }).click();
  await page.getByRole("button", { name: "Revoking…" }).waitFor();
  await page.getByRole("button", { name: "Stop waiting" }).click();
  await waitForText(page, "We don’t know whether the token was revoked");
});

test("without a connection every page explains itself, and continues afterwards", async (page, context) => {
  await generate("offline", { description: "before" });
  await signIn(page);
  await openToken(page, "offline");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Show history" }).click();
  await waitForText(page, "The server can’t be reached. Check your connection and try again.");
  await page.getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "We don’t know whether this was saved");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, "Nothing was saved. Your changes are still here.");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByRole("link", { name: "offline", exact: true }).waitFor();
  await context.setOffline(true);
  await page.getByRole("link", { name: "History", exact: true }).click();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("listitem").first().waitFor();
});
