// Showing a token, once.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  generate,
  isOff,
  openToken,
  secretOf,
  shownToken,
  signIn,
  test,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

/** Regenerates a new token, and returns the dialog that shows it. */
async function reveal(page, name) {
  await generate(name);
  await signIn(page);
  await openToken(page, name);
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const dialog = page.getByRole("dialog", { name: `${name} has a new token` });
  await dialog.waitFor();
  return dialog;
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

test("the dialog with the token cannot be closed before the token was copied", async (page) => {
  const dialog = await reveal(page, "revealed");
  const token = await shownToken(page);
  const isClosable = async () => !(await isOff(dialog.getByRole("button", { name: "Done" })));
  for (let pressed = 0; pressed < 3; pressed++) await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await waitForText(dialog, "You can’t see it again after you close this dialog");
  assert.equal(await isClosable(), false);
  await dialog.getByLabel("I’ve saved it another way").check();
  assert.equal(await isClosable(), true);
  await dialog.getByLabel("I’ve saved it another way").uncheck();
  assert.equal(await isClosable(), false);
  await dialog.getByRole("button", { name: "Copy token" }).click();
  await waitForText(dialog, "Token copied.");
  assert.equal(await clipboard(page), token);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "revealed" }).waitFor();
  assert.ok(!(await page.content()).includes(token));
});

test("the whole token is visible, in a monospaced font", async (page) => {
  const dialog = await reveal(page, "visible");
  const code = dialog.getByRole("group", { name: "Token" }).locator("code");
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const { overflow, family } = await code.evaluate((element) => ({
      overflow: element.scrollWidth - element.clientWidth,
      family: getComputedStyle(element).fontFamily,
    }));
    assert.ok(overflow <= 0, `${overflow} px are hidden at ${width} px`);
    assert.match(family, /monospace/);
  }
  await code.focus();
  assert.equal(await page.evaluate(() => getSelection().toString()), await code.innerText());
});

test("the copied command sends the token, and contains it neither as an argument nor in the history", async (page) => {
  const dialog = await reveal(page, "on-the-command-line");
  const token = await shownToken(page);
  await dialog.getByText("Use it with curl").click();
  await dialog.getByRole("button", { name: "Copy command" }).click();
  await waitForText(dialog, "Command copied.");
  // Only the command is in the clipboard, so the token is not saved yet.
  assert.equal(await isOff(dialog.getByRole("button", { name: "Done" })), true);
  const command = await clipboard(page);
  assert.ok(!command.includes(secretOf(token)) && !command.includes("\n"), command);
  const run = command.replace("your-route", "orders/7");
  assert.ok(run.includes(`'${URL_OF_GATEWAY}/orders/7'`), run);
  const output = execFileSync("bash", ["-c", `${run} -s -o /dev/null -w '%{http_code}'`], {
    input: `${token}\n`,
    encoding: "utf8",
  });
  assert.equal(output, "200");
});

test("the dialog keeps the focus while its request runs, and after a failure can be closed and opened again", async (page) => {
  await generate("survivor");
  await signIn(page);
  await openToken(page, "survivor");
  let finish;
  const held = new Promise((resolve) => (finish = resolve));
  await page.route("**/v1/tokens/*/regenerate", async (route) => {
    await held;
    await route.fulfill({ status: 503, json: { detail: "The table is unavailable." } });
  });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Regenerate token" }).press("Enter");
  const running = dialog.getByRole("button", { name: "Regenerating…" });
  await running.waitFor();
  assert.ok(await running.evaluate((element) => element === document.activeElement), "the focus is lost");
  finish();
  await waitForText(dialog, "We don’t know whether the secret was replaced");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Escape");
  assert.equal(await dialog.count(), 0);
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await dialog.getByRole("button", { name: "Regenerate token" }).waitFor();
});
