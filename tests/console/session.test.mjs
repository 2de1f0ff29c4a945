// Signing out after a time without input.
import assert from "node:assert/strict";
import { generate, openToken, setSetting, signIn, test, waitForText } from "./support.mjs";

const MINUTE = 60_000;
const isSignedIn = async (page) => (await page.getByRole("button", { name: "Sign out" }).count()) > 0;

/** Moves the browser's clock, and lets its timers run. */
const pass = (page, minutes) => page.clock.runFor(minutes * MINUTE);

test("thirty minutes without input sign the user out, after a warning", async (page) => {
  await page.clock.install();
  await signIn(page);
  await pass(page, 28);
  assert.equal(await page.getByRole("alert").count(), 0);
  await pass(page, 1.5);
  await waitForText(page, "You’ll be signed out soon");
  assert.ok(await isSignedIn(page));
  await pass(page, 0.5);
  await waitForText(page, "You were signed out after 30 minutes without activity");
  assert.equal(await isSignedIn(page), false);
  await signIn(page);
});

test("any input restarts the time, and removes the warning", async (page) => {
  await page.clock.install();
  await signIn(page);
  const inputs = [
    () => page.keyboard.press("Shift"),
    () => page.mouse.move(200, 300),
    () => page.mouse.wheel(0, 10),
    () => page.mouse.click(5, 500),
  ];
  for (const input of inputs) {
    await pass(page, 29.5);
    await waitForText(page, "You’ll be signed out soon");
    await input();
    await page.getByRole("alert").waitFor({ state: "detached" });
  }
  await pass(page, 29.5);
  assert.ok(await isSignedIn(page));
});

test("input after the computer slept for too long does not extend the session", async (page) => {
  await page.clock.install();
  await signIn(page);
  // The clock advances while no timer runs, as it does while the computer sleeps.
  await page.clock.pauseAt(Date.now() + MINUTE);
  await page.clock.setFixedTime(Date.now() + 32 * MINUTE);
  await page.mouse.move(200, 300);
  await waitForText(page, "You were signed out after 30 minutes without activity");
});

test("a token that is shown when the session ends is named, and is no longer shown", async (page) => {
  await generate("left-open");
  await page.clock.install();
  await signIn(page);
  await openToken(page, "left-open");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await page.getByRole("group", { name: "Token" }).waitFor();
  await pass(page, 30);
  await waitForText(page, "The new token of left-open is no longer shown");
  assert.ok(!(await page.content()).includes("twd_"));
});

test("zero minutes turn the limit off, and another number is the limit", async (page) => {
  await page.clock.install();
  for (const [minutes, after, expected] of [
    [0, 40, true],
    [2, 2, false],
  ]) {
    await setSetting(page, "idle-minutes", minutes);
    await signIn(page);
    await pass(page, after);
    assert.equal(await isSignedIn(page), expected, `${minutes} minutes`);
    await page.unroute("**/console");
  }
});
