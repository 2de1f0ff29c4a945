// Accessibility, checked by axe-core.
import assert from "node:assert/strict";
import {
  accessibilityViolations,
  api,
  failing,
  generate,
  openHistory,
  signIn,
  test,
  UNAVAILABLE,
  waitForText,
} from "./support.mjs";

/** Asserts that axe-core finds no violation on the page as it is. `state` describes it in the message of a failure. */
async function assertNoViolation(page, state) {
  assert.deepEqual(await accessibilityViolations(page), [], state);
}

test("axe-core finds no violation while signing in, or in any state of the list", async (page) => {
  const check = (state) => assertNoViolation(page, state);
  await check("signing in");
  await page.getByLabel("Token", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await check("an invalid token");
  await generate("accessible", { expiresInDays: 2, description: "expires soon" });
  await signIn(page);
  await page.getByRole("link", { name: "accessible", exact: true }).waitFor();
  await check("the list");
  await page.getByRole("searchbox").fill("zzz");
  await waitForText(page, "No tokens match");
  await check("nothing found");
  await page.getByRole("searchbox").fill("acc");
  const restore = await failing(page, "**/v1/tokens?*", 503, UNAVAILABLE);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await waitForText(page, "The table is unavailable");
  await check("a failure");
  await restore();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Delete accessible" }).click();
  await check("deleting");
});

/**
 * Asserts that axe-core finds no violation, and that the page is not wider than its window: in a wide window in both
 * color schemes, and in a narrow one in the dark scheme. The window stays narrow.
 */
async function assertNoViolationInAnyWindow(page, state) {
  for (const [colorScheme, width] of [
    ["light", 1280],
    ["dark", 1280],
    ["dark", 360],
  ]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    await assertNoViolation(page, `${state}, ${colorScheme}, ${width}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${state} is ${overflow} px wider than ${width}`);
  }
}

test("axe-core finds no violation in forms and dialogs, light and dark, wide and narrow", async (page) => {
  const check = (state) => assertNoViolationInAnyWindow(page, state);
  await signIn(page);
  await check("the list");
  const { width } = await page.locator("td.permitted").first().boundingBox();
  assert.ok(width > 300, `in a window of 360 px, the permissions are only ${width} px wide`);
  await page.getByRole("link", { name: "Generate a token" }).click();
  for (const tab of ["Devtron apps", "Helm apps", "Jobs", "Kubernetes", "Chart groups", "Routes"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("button", { name: "Add a permission" }).click();
    await check(tab);
  }
  await page.getByText("Test a request").click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Complete the permissions under Devtron apps");
  await check("mistakes");
  await page.getByLabel("Super admin").check();
  await page.getByLabel("Expiration").selectOption("Custom date and time");
  await page.getByLabel("Name", { exact: true }).fill("axe-admin");
  await page.getByRole("button", { name: "Generate token" }).click();
  await check("confirming");
  await page.getByLabel("Give this token full access").check();
  await page.getByRole("button", { name: "Generate super-admin token" }).click();
  await page.getByText("Use it with curl").click();
  await check("the token");
  await page.getByLabel("I’ve saved it").check();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "axe-admin", exact: true }).click();
  await page.getByLabel("Description").fill("changed");
  await check("one token");
  const [{ id }] = (await api("GET", "/v1/tokens?namePrefix=axe-admin")).body.tokens;
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs" });
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "Someone else changed");
  await check("a conflict");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await check("regenerating");
});

test("axe-core finds no violation in histories, and on the page of the token in use", async (page) => {
  const check = (state) => assertNoViolationInAnyWindow(page, state);
  const { id, token, createdAt } = await generate("axe-holder", {
    selfRegenerate: true,
    allowedIps: ["127.0.0.0/8", "::1"],
  });
  await api("PATCH", `/v1/tokens/${id}`, { owner: "x".repeat(100), allowedIps: null });
  await signIn(page);
  await openHistory(page, createdAt.slice(0, 10));
  const changed = page.getByRole("listitem").filter({ hasText: "changed axe-holder" });
  await changed.getByText("Before and after").click();
  await waitForText(changed, "Any address");
  await check("the history");
  await changed.getByRole("link", { name: "axe-holder" }).click();
  await page.getByRole("button", { name: "Show history" }).click();
  await page.getByText("What was set").click();
  await waitForText(page.getByRole("region", { name: "History" }), "127.0.0.0/8");
  await check("the history of a token");
  await page.getByLabel("Any address").uncheck();
  await page.getByLabel("Allowed addresses").fill("203.0.113.7/8,");
  await page.getByRole("button", { name: "Save changes" }).click();
  await waitForText(page, "“203.0.113.7/8”");
  await check("a wrong address");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, token, "axe-holder");
  await check("the page of the token in use");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await check("regenerating itself");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Revoke…" }).click();
  await check("revoking");
});
