// Showing a token, once.
import assert from "node:assert/strict";
import { generate, openToken, signIn, test, waitForText } from "./support.mjs";

test("the dialog with the token cannot be closed before the token was copied", async (page) => {
  await generate("revealed");
  await signIn(page);
  await openToken(page, "revealed");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const dialog = page.getByRole("dialog", { name: "revealed has a new token" });
  const token = await dialog.getByLabel("The token").inputValue();
  for (let escape = 0; escape < 3; escape++) await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await waitForText(dialog, "It’s gone once you close this dialog");
  assert.equal(await dialog.getByRole("button", { name: "Done" }).isDisabled(), true);
  await dialog.getByText("Use it with curl").click();
  assert.ok((await dialog.locator("pre").innerText()).includes(`-H 'authorization: Bearer ${token}'`));
  await dialog.getByRole("button", { name: "Copy token" }).click();
  await waitForText(dialog, "Token copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "revealed" }).waitFor();
  assert.ok(!(await page.content()).includes(token));
});
