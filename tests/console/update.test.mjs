// Changing one token.
import assert from "node:assert/strict";
import {
  api,
  generate,
  isOff,
  ORDERS,
  openToken,
  SUPER_ADMIN,
  setSetting,
  signIn,
  test,
  waitForText,
} from "./support.mjs";

test("saving sends only the changed fields, with the version", async (page) => {
  const { id } = await generate("changing", { description: "before" });
  await signIn(page);
  await openToken(page, "changing");
  assert.equal(await isOff(page.getByRole("button", { name: "Save changes" })), true);
  const sent = page.waitForRequest((request) => request.method() === "PATCH");
  await page.getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  const request = await sent;
  assert.deepEqual(request.postDataJSON(), { description: "after" });
  assert.equal(request.headers()["if-match"], '"1"');
  await waitForText(page, "Saved.");
  await page.getByRole("button", { name: "Remove /orders/**" }).click();
  await page.getByLabel("Paths").fill("/invoices/*,");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "New permissions apply immediately");
  const { body } = await api("GET", `/v1/tokens/${id}`);
  assert.deepEqual([body.description, body.version, body.permissions.grants[0].paths], ["after", 3, ["/invoices/*"]]);
});

test("if decisions are cached, texts tell when a change takes effect", async (page) => {
  await generate("cached");
  await setSetting(page, "cache-seconds", 300);
  await signIn(page);
  await openToken(page, "cached");
  for (const action of ["Regenerate…", "Delete…"]) {
    await page.getByRole("button", { name: action }).click();
    await waitForText(page.getByRole("dialog"), "stops working within 300 seconds");
    await page.keyboard.press("Escape");
  }
  await page.getByLabel("POST").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "New permissions apply within 300 seconds");
});

test("a concurrent change is shown, and overwritten only on request", async (page) => {
  const { id } = await generate("contested", { description: "first" });
  await signIn(page);
  await openToken(page, "contested");
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs" });
  await page.getByLabel("Description").fill("mine");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Someone else changed this token");
  await page.locator(".theirs").getByText("theirs", { exact: true }).waitFor();
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "theirs");
  await page.getByRole("button", { name: "Use their version" }).click();
  assert.equal(await page.getByLabel("Description").inputValue(), "theirs");
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs again" });
  await page.getByLabel("Description").fill("mine");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("button", { name: "Overwrite with my changes" }).click();
  await waitForText(page, "Saved.");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "mine");
});

test("promoting a token to super admin requires a confirmation", async (page) => {
  const { id } = await generate("promoted");
  await signIn(page);
  await openToken(page, "promoted");
  await page.getByLabel("Super admin").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  const save = page
    .getByRole("dialog", { name: "Make promoted a super admin?" })
    .getByRole("button", { name: "Save as super admin" });
  assert.equal(await isOff(save), true);
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.version, 1);
  await page.getByLabel("Give this token full access").check();
  await save.click();
  await waitForText(page, "Saved.");
  assert.deepEqual((await api("GET", `/v1/tokens/${id}`)).body.permissions, { type: "superAdmin" });
});

test("giving up your own super-admin permission requires a confirmation and signs you out", async (page) => {
  const { id, token } = await generate("demoted", SUPER_ADMIN);
  await signIn(page, token);
  await openToken(page, "demoted");
  await page.getByLabel("Specific permissions").check();
  await page.getByRole("tab", { name: "Chart groups" }).click();
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByLabel("Sign me out and reduce this token").check();
  await page.getByRole("button", { name: "Save and sign out" }).click();
  await waitForText(page, "demoted is no longer a super admin");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.permissions.type, "specific");
});

test("grants of a newer release are kept unchanged", async (page) => {
  const { id, token: _, ...record } = await generate("newer");
  const unknown = { resource: "queues", names: ["*"], role: "send" };
  await page.route(`**/v1/tokens/${id}`, async (route) => {
    if (route.request().method() === "GET")
      return route.fulfill({
        json: { id, ...record, permissions: { type: "specific", grants: [...ORDERS.grants, unknown] } },
      });
    assert.deepEqual(route.request().postDataJSON().permissions.grants[1], unknown);
    return route.fulfill({ json: { id, ...record, version: 2 } });
  });
  await signIn(page);
  await openToken(page, "newer");
  await waitForText(page, `Unknown grant (queues): ${JSON.stringify(unknown)}`);
  await page.getByLabel("POST").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
});

test("a missing token is reported", async (page) => {
  await signIn(page);
  await page.evaluate(() => {
    location.hash = "#/tokens/0000000000000000";
  });
  await page.getByRole("heading", { name: "Token not found" }).waitFor();
});
