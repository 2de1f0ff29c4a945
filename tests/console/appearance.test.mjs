// What the page looks like in other circumstances: forced colors, print, narrow windows, other languages.
import assert from "node:assert/strict";
import { accessibilityViolations, api, events, generate, openToken, signIn, test, waitForText } from "./support.mjs";

test("with forced colors, only the selected tab looks selected", async (page) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await generate("forced");
  await signIn(page);
  await openToken(page, "forced");
  const colors = await page
    .getByRole("tab")
    .evaluateAll((tabs) => tabs.map((tab) => [tab.ariaSelected, getComputedStyle(tab).borderBottomColor]));
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const [selected, color] of colors)
    assert.equal(color !== background, selected === "true", `${selected} ${color}`);
  assert.deepEqual(await accessibilityViolations(page), []);
  await page.getByRole("link", { name: "Signed in as" }).click();
  await page.getByRole("button", { name: "Revoke…" }).waitFor();
  assert.deepEqual(await accessibilityViolations(page), []);
});

test("the title names the page", async (page) => {
  await generate("titled");
  assert.equal(await page.title(), "Sign in · tokenward");
  await signIn(page);
  assert.equal(await page.title(), "API tokens · tokenward");
  await openToken(page, "titled");
  assert.equal(await page.title(), "titled · tokenward");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.title(), "Sign in · tokenward");
  assert.ok(await page.getByLabel("Token", { exact: true }).evaluate((element) => element === document.activeElement));
});

test("dates are English, as the page is", { locale: "de-DE" }, async (page) => {
  await generate("dated", { expiresInDays: 400 });
  await signIn(page);
  await openToken(page, "dated");
  const facts = await page.locator(".facts").innerText();
  assert.ok(facts.includes("in 13 months") && !/Monat|Uhr/.test(facts), facts);
});

test("the page of an expired token offers at the top to regenerate it", async (page) => {
  const { id, token: _, ...record } = await generate("over");
  const json = { id, ...record, status: "expired", expiresAt: "2026-01-01T00:00:00Z" };
  await page.route(`**/v1/tokens/${id}`, (route) => route.fulfill({ json }));
  await signIn(page);
  await openToken(page, "over");
  await waitForText(page, "This token has expired.");
  await page.getByRole("button", { name: "Regenerate…" }).first().click();
  await page.getByRole("dialog", { name: "Regenerate over" }).waitFor();
});

test("a custom expiration in the past has an error, and no sentence about the future", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Expiration").selectOption("Custom date and time");
  await page.getByLabel("Date and time").fill("2019-01-01T00:00");
  await waitForText(page, "Enter a time in the future");
  assert.equal(await page.getByText("years ago").count(), 0);
});

test("in a narrow window, the selected tab is in view", { viewport: { width: 360, height: 800 } }, async (page) => {
  const grants = [{ resource: "chartGroups", names: ["*"], role: "view" }];
  await generate("narrow", { permissions: { type: "specific", grants } });
  await signIn(page);
  await openToken(page, "narrow");
  const inView = async () => {
    const { x, width } = await page.getByRole("tab", { selected: true }).boundingBox();
    assert.ok(x >= 0 && x + width <= 360, `the tab is at ${x} px`);
  };
  await inView();
  await page.getByRole("tab", { selected: true }).press("ArrowRight");
  await inView();
});

test("the page fits at 200 % zoom, and a skip link leads to the content", async (page) => {
  await generate("zoomed", { description: "for zoom" });
  await generate("zoomed-long", { description: "y".repeat(350) });
  await generate("zoomed-owned", { owner: "x".repeat(100) });
  // 1280 px at 200 % are 640 px.
  await page.setViewportSize({ width: 640, height: 450 });
  await signIn(page);
  // A description and an owner without a space do not widen the page.
  await page.getByRole("link", { name: "zoomed-owned", exact: true }).waitFor();
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  assert.ok(await fits());
  await openToken(page, "zoomed");
  assert.ok(await fits());
  await page.getByRole("button", { name: "Skip to the content" }).press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "MAIN");
});

test("in a narrow window, the buttons of a form stay in one line, and messages do not cover them", {
  viewport: { width: 360, height: 800 },
}, async (page) => {
  await generate("bar");
  await signIn(page);
  await openToken(page, "bar");
  await page.getByLabel("Description").fill("changed");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Saved.");
  const box = (name) => page.getByRole("button", { name, exact: true }).boundingBox();
  const [save, discard] = [await box("Save changes"), await box("Discard changes")];
  assert.equal(save.y, discard.y);
  const toast = await page.getByRole("status").filter({ hasText: "Saved." }).boundingBox();
  assert.ok(toast.y + toast.height <= save.y, `the message ends at ${toast.y + toast.height}, Save is at ${save.y}`);
});

test("a sentence in a notice stays one text if it contains elements", async (page) => {
  const { token } = await generate("used-just-now");
  assert.equal((await api("GET", "/v1/tokens/self", null, { token })).status, 200);
  await signIn(page);
  await openToken(page, "used-just-now");
  await page.getByRole("button", { name: "Delete…" }).click();
  const notice = page.getByRole("dialog").getByText("This token is in use");
  assert.equal(await notice.innerText(), "This token is in use: it was last used just now from 127.0.0.1.");
});

test("printing shows the list without controls, and with absolute times", async (page) => {
  await generate("printed");
  await signIn(page);
  await page.getByRole("searchbox").fill("printed");
  await page.getByText(/^1 of/).waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(
    await page.getByRole("button").filter({ visible: true }).count(),
    await page.locator("thead button:visible").count(),
  );
  const after = await page
    .locator("tbody time")
    .first()
    .evaluate((time) => getComputedStyle(time, "::after").content);
  assert.match(after, /\d{4}-\d\d-\d\d/);
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("link", { name: "History", exact: true }).click();
  await events(page).first().waitFor();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("button:visible, input:visible").count(), 0);
});

test("text in a filter is not bold", async (page) => {
  await signIn(page);
  const weight = await page.getByRole("searchbox").evaluate((element) => getComputedStyle(element).fontWeight);
  assert.equal(weight, "400");
});

test("tables, radio buttons and repeated grants have names", async (page) => {
  await generate("named");
  await signIn(page);
  await page.getByRole("table", { name: "API tokens" }).waitFor();
  await openToken(page, "named");
  await page.getByRole("radiogroup", { name: "Permissions" }).waitFor();
  await page.getByRole("button", { name: "Add a permission for Routes" }).click();
  for (const number of [1, 2]) {
    await page.getByRole("group", { name: `Permission ${number} for Routes` }).waitFor();
    await page.getByRole("button", { name: `Remove permission ${number} for Routes` }).waitFor();
  }
  assert.equal(await page.getByLabel("Paths").last().getAttribute("required"), "");
});
