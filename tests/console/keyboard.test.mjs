// Using the console without a mouse.
import assert from "node:assert/strict";
import { ADMIN, api, events, generate, test, waitForText } from "./support.mjs";

const focused = (page) =>
  page.evaluate(
    () =>
      document.activeElement?.textContent?.trim() ||
      document.activeElement?.getAttribute("aria-label") ||
      document.activeElement?.id ||
      "",
  );

/** Returns a function that presses Tab until the element has the focus. */
const tabber = (page) => async (locator) => {
  for (let step = 0; step < 80; step++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach the element; the focus is at ${await focused(page)}`);
};

test("a token is generated and deleted with the keyboard alone", async (page) => {
  const tabTo = tabber(page);
  await tabTo(page.getByLabel("Token", { exact: true }));
  await page.keyboard.type(ADMIN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  await tabTo(page.getByRole("link", { name: "Generate a token" }));
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("by-keyboard");
  await tabTo(page.getByRole("tab", { selected: true }));
  await tabTo(page.getByRole("button", { name: "Add a permission for Routes" }));
  await page.keyboard.press("Enter");
  assert.ok(await page.getByLabel("GET").evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Space");
  await tabTo(page.getByLabel("Paths"));
  await page.keyboard.type("/orders/**,");
  await tabTo(page.getByRole("button", { name: "Generate token" }));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page.getByRole("button", { name: "Copy token" }));
  await page.keyboard.press("Enter");
  await waitForText(page, "Token copied.");
  await tabTo(page.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  await tabTo(page.getByRole("searchbox"));
  await page.keyboard.type("by-key");
  await page.getByText(/^1 of/).waitFor();
  await tabTo(page.getByRole("button", { name: "Delete by-keyboard" }));
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Type by-keyboard to confirm"));
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Type by-keyboard to confirm"));
  await page.keyboard.type("by-keyboard");
  await page.keyboard.press("Enter");
  await waitForText(page, "by-keyboard was deleted.");
});

test("the holder of a token revokes it with the keyboard alone", async (page) => {
  const { token } = await generate("revoked-by-keyboard");
  const tabTo = tabber(page);
  await tabTo(page.getByLabel("Token", { exact: true }));
  await page.keyboard.type(token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "revoked-by-keyboard", exact: true }).waitFor();
  await tabTo(page.getByRole("button", { name: "Revoke…" }));
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Type revoked-by-keyboard to confirm"));
  await page.keyboard.type("revoked-by-keyboard");
  await page.keyboard.press("Enter");
  await waitForText(page, "You revoked revoked-by-keyboard");
  assert.equal((await api("GET", "/v1/tokens/self", null, { token })).status, 403);
});

test("an event of the history is opened with the keyboard alone", async (page) => {
  await generate("opened-by-keyboard");
  await page.getByLabel("Token", { exact: true }).fill(ADMIN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  const tabTo = tabber(page);
  await tabTo(page.getByRole("link", { name: "History", exact: true }));
  await page.keyboard.press("Enter");
  const first = events(page).first();
  await tabTo(first.locator("summary"));
  await page.keyboard.press("Enter");
  await first.locator("dd").first().waitFor();
});
