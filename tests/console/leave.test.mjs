// Leaving a page, stopping a request, and lost responses.
import assert from "node:assert/strict";
import {
  api,
  forward,
  generate,
  hold,
  ORDERS,
  openForm,
  openToken,
  READS_BODIES,
  shownToken,
  signIn,
  test,
  waitForText,
} from "./support.mjs";

/** Opens the form of a new token and fills it in. */
async function fillIn(page, name) {
  await openForm(page, name);
  await page.getByLabel("Paths").fill("/orders/**,");
}

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const leave = (page) => page.getByRole("dialog", { name: "Leave this page?" });

test("leaving a page asks before it loses what is not saved", async (page) => {
  await generate("unsaved", { description: "before" });
  await signIn(page);
  await openToken(page, "unsaved");
  await page.getByLabel("Description").fill("typed for an hour");
  const exits = [
    () => page.getByRole("link", { name: "All tokens" }).click(),
    () => page.goBack(),
    () => page.getByRole("button", { name: "Sign out" }).click(),
  ];
  for (const exit of exits) {
    await exit();
    await leave(page).getByRole("button", { name: "Stay" }).click();
    assert.equal(await page.getByLabel("Description").inputValue(), "typed for an hour");
    assert.match(page.url(), /#\/tokens\//);
  }
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => setTimeout(() => location.reload()));
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await page.goBack();
  await leave(page).getByRole("button", { name: "Leave" }).click();
  await heading(page, "API tokens").waitFor();
});

test("a page without changes is left without a question", async (page) => {
  await generate("unchanged");
  await signIn(page);
  await openToken(page, "unchanged");
  await page.getByLabel("Description").fill("x");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("link", { name: "All tokens" }).click();
  await heading(page, "API tokens").waitFor();
});

test("a new token whose response was lost is found and regenerated", READS_BODIES, async (page) => {
  await fillIn(page, "lost-response");
  await page.route("**/v1/tokens", async (route) => {
    await forward(route);
    await route.abort();
  });
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "We don’t know whether lost-response was generated");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, "its secret did not arrive here");
  await page.getByRole("button", { name: "Regenerate lost-response" }).click();
  await page.getByRole("dialog", { name: "lost-response has a new token" }).waitFor();
  const token = await shownToken(page);
  assert.equal((await api("GET", "/orders/7", undefined, { token })).status, 200);
});

test("a new token that the server did not generate can be tried again", async (page) => {
  await fillIn(page, "never-sent");
  await page.route("**/v1/tokens", (route) => route.abort());
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, "never-sent was not generated.");
  await page.unroute("**/v1/tokens");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("dialog", { name: "never-sent is ready" }).waitFor();
});

test("a token of this name that you generated earlier is not taken for the one that was lost", async (page) => {
  const record = await generate("known-for-long");
  await fillIn(page, "known-for-long");
  await page.route("**/v1/tokens", (route) => route.abort());
  await page.getByRole("button", { name: "Generate token" }).click();
  const { token: _, ...listed } = { ...record, createdAt: "2026-01-02T03:04:05Z" };
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens: [listed], nextCursor: null } }));
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, "Choose another name.");
  assert.equal(await page.getByRole("button", { name: "Regenerate known-for-long" }).count(), 0);
});

test("after a token is generated, Back does not open the form again", async (page) => {
  await fillIn(page, "no-way-back");
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await heading(page, "API tokens").waitFor();
  await page.evaluate(() => history.back());
  await page.waitForTimeout(200);
  assert.equal(await heading(page, "Generate a token").count(), 0);
});

test("a request can be stopped, and its outcome is reported", async (page) => {
  await fillIn(page, "stopped");
  const release = await hold(page, "**/v1/tokens", "POST");
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await waitForText(leave(page), "The token is being generated");
  await leave(page).getByRole("button", { name: "Stay" }).click();
  await page.getByRole("button", { name: "Stop waiting" }).click();
  await waitForText(page, "We don’t know whether stopped was generated");
  release();
  await page.unroute("**/v1/tokens");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(page, /was not generated|did not arrive here/);
});

test("after the response of a save was lost, Check tells whether it was saved", READS_BODIES, async (page) => {
  const { id } = await generate("lost-save", { description: "before" });
  await signIn(page);
  await openToken(page, "lost-save");
  /** Saves without a response, and checks. `sent` tells whether the request reaches the server. */
  const drop = async (sent) => {
    await page.route(`**/v1/tokens/${id}`, async (route) => {
      if (route.request().method() !== "PATCH") return route.fallback();
      if (sent) await forward(route);
      await route.abort();
    });
    await page.getByRole("button", { name: "Save changes" }).click();
    await waitForText(page, "We don’t know whether this was saved");
    await page.unroute(`**/v1/tokens/${id}`);
    await page.getByRole("button", { name: "Check", exact: true }).click();
  };
  await page.getByLabel("Description").fill("after");
  await drop(false);
  await waitForText(page, "Nothing was saved");
  assert.equal(await page.getByLabel("Description").inputValue(), "after");
  await drop(true);
  await waitForText(page, "Your changes were saved.");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "after");
});

test("after the response of a regenerate was lost, Check tells whether it was done, and it can be repeated", async (page) => {
  const { id } = await generate("lost-secret");
  await signIn(page);
  await openToken(page, "lost-secret");
  await page.route(`**/v1/tokens/${id}/regenerate`, async (route) => {
    await forward(route);
    await route.abort();
  });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await dialog.getByRole("button", { name: "Check", exact: true }).click();
  await waitForText(dialog, "The secret was replaced, but the new one did not arrive here");
  await page.unroute(`**/v1/tokens/${id}/regenerate`);
  await dialog.getByRole("button", { name: "Regenerate token" }).click();
  await page.getByRole("dialog", { name: "lost-secret has a new token" }).waitFor();
});

test("what is typed while a slow save runs is kept, and the focus stays", async (page) => {
  const { id } = await generate("slow-save", { description: "before", permissions: ORDERS });
  await signIn(page);
  await openToken(page, "slow-save");
  const release = await hold(page, `**/v1/tokens/${id}`, "PATCH");
  const description = page.getByLabel("Description");
  await description.fill("saved");
  const save = page.getByRole("button", { name: /Save changes|Saving/ });
  await save.press("Enter");
  await description.fill("saved, and typed since");
  await page.getByLabel("POST").check();
  release();
  await waitForText(page, "Saved.");
  assert.equal(await description.inputValue(), "saved, and typed since");
  assert.ok(await page.getByLabel("POST").isChecked());
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "saved");
  await save.press("Enter");
  await page.getByText("version 3").waitFor();
  assert.ok(await save.evaluate((element) => element === document.activeElement), "the focus is lost");
  const { body } = await api("GET", `/v1/tokens/${id}`);
  assert.deepEqual([body.description, body.permissions.grants[0].methods], ["saved, and typed since", ["GET", "POST"]]);
});

test("the message of a success does not stay beside a later failure", async (page) => {
  const { id } = await generate("two-saves");
  await signIn(page);
  await openToken(page, "two-saves");
  await page.getByLabel("Description").fill("first");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  await page.route(`**/v1/tokens/${id}`, (route) =>
    route.fulfill({ status: 429, json: { detail: "Too many requests." } }),
  );
  await page.getByLabel("Description").fill("second");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Too many requests.");
  assert.equal(await page.getByText("Saved.", { exact: true }).count(), 0);
});

test("a dialog can be closed after a failed delete and opened again, but not closed while it shows an unsaved token", async (page) => {
  await generate("undead");
  await signIn(page);
  await openToken(page, "undead");
  await page.route("**/v1/tokens/*", (route) =>
    route.request().method() === "DELETE" ? route.fulfill({ status: 503, json: {} }) : route.fallback(),
  );
  const dialog = page.getByRole("dialog");
  for (const close of [
    () => page.keyboard.press("Escape"),
    () => dialog.evaluate((element) => element.close()),
    () => dialog.getByRole("button", { name: "Cancel" }).click(),
  ]) {
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByLabel("Type undead to confirm").fill("undead");
    await page.keyboard.press("Enter");
    await waitForText(dialog, "We don’t know whether");
    await page.evaluate(() => document.activeElement?.blur());
    await close();
    await dialog.waitFor({ state: "detached" });
  }
  await page.unroute("**/v1/tokens/*");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const token = await shownToken(page);
  for (let time = 0; time < 3; time++) await page.keyboard.press("Escape");
  // A browser without support for `closedby` may close the dialog like this.
  await dialog.evaluate((element) => element.close());
  await page.waitForFunction(() => document.querySelector("dialog")?.matches(":modal"));
  assert.equal(await shownToken(page), token);
});

test("deleting your own token warns if it is the last super admin", async (page) => {
  const { token, ...own } = await generate("last-of-all", { permissions: { type: "superAdmin" } });
  const expired = { ...own, id: "e".repeat(16), name: "gone", status: "expired", expiresAt: "2026-01-01T00:00:00Z" };
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens: [own, expired], nextCursor: null } }));
  await signIn(page, token);
  await page.getByRole("button", { name: "Delete last-of-all" }).click();
  await waitForText(page.getByRole("dialog"), "This is the last super admin.");
  await page.keyboard.press("Escape");
  await page.unroute("**/v1/tokens?*");
  const asked = page.waitForResponse("**/v1/tokens?*");
  await page.getByRole("button", { name: "Delete last-of-all" }).click();
  await (await asked).finished();
  await page.waitForTimeout(200);
  assert.equal(await page.getByText("This is the last super admin.").count(), 0);
});
