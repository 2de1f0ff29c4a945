// The page of the token that the user is signed in with.
import assert from "node:assert/strict";
import {
  accessibilityViolations,
  api,
  forward,
  generate,
  isOff,
  SUPER_ADMIN,
  shownToken,
  signIn,
  test,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

/** Requests the record of a token with this token, and returns the status. */
const statusOf = async (token) => (await api("GET", "/v1/tokens/self", null, { token })).status;

/** Regenerates the token on its page, and returns the new one. */
async function regenerate(page, name) {
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("dialog", { name: `Regenerate ${name}` }).waitFor();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await page.getByRole("dialog", { name: `${name} has a new token` }).waitFor();
  const fresh = await shownToken(page);
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  return fresh;
}

test("a user who is not a super admin sees only the token that the user is signed in with", async (page) => {
  await generate("somebody-elses");
  const { token } = await generate("plain", {
    description: "Reads orders",
    owner: "Payments",
    expiresInDays: 20,
    allowedIps: ["127.0.0.0/8", "::1"],
  });
  const asked = [];
  page.on("request", (request) => request.url().includes("/v1/") && asked.push(new URL(request.url()).pathname));
  await signIn(page, token, "plain");
  for (const text of ["Reads orders", "Send GET to /orders/**.", "127.0.0.0/8, ::1", "in 20 days", "Payments"])
    await waitForText(page, text);
  await waitForText(page, "Only a super admin can change it.");
  await waitForText(page, "This token may not regenerate itself.");
  assert.equal(await page.getByRole("button", { name: "Regenerate…" }).count(), 0);
  assert.deepEqual(await accessibilityViolations(page), []);
  for (const address of ["#/generate", "#/history", "#/"]) {
    await page.goto(`${URL_OF_GATEWAY}/console${address}`);
    await page.getByRole("heading", { name: "plain", exact: true }).waitFor();
    assert.equal(await page.getByRole("link", { name: "All tokens" }).count(), 0);
  }
  assert.deepEqual([...new Set(asked)], ["/v1/tokens/self"]);
});

test("a token that may regenerate itself does so, and the session continues with the new one", async (page) => {
  const { id, token } = await generate("rotating", { selfRegenerate: true, expiresInDays: 45 });
  await signIn(page, token, "rotating");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  assert.deepEqual(await dialog.getByLabel("Expiration").locator("option").allInnerTexts(), [
    "Same lifetime: 45 days",
    "7 days",
    "30 days",
    "Custom date and time",
  ]);
  await waitForText(dialog, "This is the maximum.");
  assert.equal(await dialog.getByLabel("Grace period").locator("option:checked").innerText(), "1 hour");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  const fresh = await regenerate(page, "rotating");
  assert.deepEqual([await statusOf(token), await statusOf(fresh)], [200, 200]);
  const { body } = await api("DELETE", `/v1/tokens/${id}/previous`);
  assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 45 * 86_400_000) < 60_000, body.expiresAt);
  assert.deepEqual([await statusOf(token), await statusOf(fresh)], [403, 200]);
  assert.ok(!(await page.content()).includes(fresh));
  // The session must use the new token, because the old one no longer works.
  await page.goto(`${URL_OF_GATEWAY}/console#/`);
  await page.getByRole("button", { name: "Revoke…" }).click();
  await page.getByLabel("Type rotating to confirm").fill("rotating");
  await page.getByRole("button", { name: "Revoke token" }).click();
  await waitForText(page, "You revoked rotating");
  assert.equal(await statusOf(fresh), 403);
});

test("a token that regenerates itself may shorten its lifetime, but not extend it", async (page) => {
  const { token } = await generate("shortening", { selfRegenerate: true, expiresInDays: 45 });
  await signIn(page, token, "shortening");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Expiration").selectOption("custom");
  const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  await dialog.getByLabel("Date and time").fill(inDays(46));
  await waitForText(dialog, "Enter a time within 45 days from now");
  assert.ok(await isOff(dialog.getByRole("button", { name: "Regenerate token" })));
  await dialog.getByLabel("Expiration").selectOption("7");
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await page.getByRole("dialog", { name: "shortening has a new token" }).waitFor();
  const fresh = await shownToken(page);
  const { body } = await api("GET", "/v1/tokens/self", null, { token: fresh });
  assert.ok(Math.abs(Date.parse(body.expiresAt) - Date.now() - 7 * 86_400_000) < 60_000, body.expiresAt);
});

test("the violations of an expiration and a grace period are shown at their fields", async (page) => {
  const { token } = await generate("rejected", { selfRegenerate: true });
  await signIn(page, token, "rejected");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  for (const [pointer, label] of [
    ["/expiresAt", "Expiration"],
    ["/gracePeriodSeconds", "Grace period"],
  ]) {
    const errors = [{ pointer, code: "x", detail: `must not be ${label}` }];
    await page.route("**/v1/tokens/self/regenerate", (route) =>
      route.fulfill({ status: 422, json: { code: "invalid-request", detail: "No", errors } }),
    );
    await dialog.getByRole("button", { name: "Regenerate token" }).click();
    await waitForText(dialog.locator(".field.invalid", { hasText: label }), `must not be ${label}`);
    await page.unroute("**/v1/tokens/self/regenerate");
  }
});

test("a token string that was replaced may not regenerate the token, and stays signed in", async (page) => {
  const { id, token } = await generate("replaced", { selfRegenerate: true });
  await api("POST", `/v1/tokens/${id}/regenerate`, { gracePeriodSeconds: 3600 });
  await signIn(page, token, "replaced");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await waitForText(page, "Regenerating ends both secrets");
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await waitForText(page.getByRole("dialog").getByRole("alert"), /secret/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("heading", { name: "replaced", exact: true }).waitFor();
  assert.equal(await statusOf(token), 200);
  // Revoking it ends only this token string, not the newer one.
  await page.getByRole("button", { name: "Revoke…" }).click();
  await waitForText(page, "Two token strings work now.");
  await page.getByLabel("Type replaced to confirm").fill("replaced");
  await page.getByRole("button", { name: "Revoke token" }).click();
  await waitForText(page, "the token string that you were signed in with no longer works");
  assert.equal(await statusOf(token), 403);
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.status, "active");
});

test("revoking requires the name, signs out, and leaves the token listed as expired", async (page) => {
  const { id, token } = await generate("leaked");
  await signIn(page, token, "leaked");
  await page.getByRole("button", { name: "Revoke…" }).click();
  const button = page.getByRole("button", { name: "Revoke token" });
  await page.getByLabel("Type leaked to confirm").fill("leake");
  assert.equal(await isOff(button), true);
  assert.deepEqual(await accessibilityViolations(page), []);
  // The response is lost the first time.
  await page.route("**/v1/tokens/self", async (route) => {
    if (route.request().method() !== "DELETE") return route.fallback();
    await route.abort();
  });
  await page.getByLabel("Type leaked to confirm").fill("leaked");
  await button.click();
  await waitForText(page, "We don’t know whether the token was revoked");
  await page.unroute("**/v1/tokens/self");
  await button.click();
  await waitForText(page, "You revoked leaked");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await statusOf(token), 403);
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.status, "expired");
});

test("a lost response of a regenerate is explained to the holder", async (page) => {
  const { token } = await generate("lost-rotation", { selfRegenerate: true });
  await signIn(page, token, "lost-rotation");
  await page.route("**/self/regenerate", async (route) => {
    await forward(route);
    await route.abort();
  });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await waitForText(page, "We don’t know whether the secret was replaced");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, "Ask a super admin to roll back or to regenerate the token.");
});

test("a super admin finds the page in the header, and is warned before revoking", async (page) => {
  const { id, token } = await generate("chief", SUPER_ADMIN);
  await signIn(page, token);
  await page.getByRole("link", { name: "Signed in as chief" }).click();
  await page.getByRole("heading", { name: "chief", exact: true }).waitFor();
  await waitForText(page, "full access");
  await page.getByRole("button", { name: "Revoke…" }).click();
  await page.getByLabel("Type chief to confirm").fill("chief");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Change its permissions and details" }).click();
  await page.getByRole("button", { name: "Save changes" }).waitFor();
  await page.getByRole("link", { name: "Signed in as chief" }).click();
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.status, "active");
});

test("a holder whose token is deleted is signed out", async (page) => {
  const { id, token } = await generate("deleted-meanwhile", { selfRegenerate: true });
  await signIn(page, token, "deleted-meanwhile");
  // The token is deleted only when this request is sent, because the page may still be reading the record before.
  await page.route("**/v1/tokens/self/regenerate", async (route) => {
    await api("DELETE", `/v1/tokens/${id}`);
    return route.continue();
  });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await waitForText(page, "Your token no longer works here.");
});
