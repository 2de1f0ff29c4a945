// What a browser stores about the console on disk.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  generate,
  launchWithProfile,
  openToken,
  SUPER_ADMIN,
  secretOf,
  shownToken,
  signIn,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

/** Returns the files of a folder that contain the text, in UTF-8 or UTF-16. */
function filesWith(folder, text) {
  const contains = (file) => {
    try {
      const content = readFileSync(file);
      return content.includes(text) || content.includes(Buffer.from(text, "utf16le"));
    } catch {
      // The browser removes files while it runs.
      return false;
    }
  };
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter(contains);
}

/** Waits until the browser has stored the text. */
async function waitUntilStored(folder, text) {
  const deadline = Date.now() + 30_000;
  while (filesWith(folder, text).length === 0) {
    assert.ok(Date.now() < deadline, `the browser did not store ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("no file of the browser's profile contains a token, while it is shown and after the whole life cycle", async () => {
  const profile = mkdtempSync(join(tmpdir(), "console-profile-"));
  const context = await launchWithProfile(profile);
  const tokens = [];
  const assertNoToken = (when) => {
    for (const token of tokens) assert.deepEqual(filesWith(profile, secretOf(token)), [], when);
  };
  try {
    const [page] = context.pages();
    /** Reads the token that is shown, and waits until the browser has stored the state of the page that shows it. */
    const reveal = async (marker) => {
      const dialog = page.getByRole("dialog");
      tokens.push(await shownToken(page));
      // Browsers store form fields and session storage. If the search finds a marker in each, it would find a token there.
      await dialog.evaluate(
        (element, value) => element.append(Object.assign(document.createElement("input"), { readOnly: true, value })),
        `field-${marker}`,
      );
      await page.evaluate((value) => sessionStorage.setItem("marker", value), `session-${marker}`);
      await waitUntilStored(profile, `field-${marker}`);
      assertNoToken("while the token is shown");
      await dialog.getByRole("button", { name: "Copy token" }).click();
      await dialog.getByRole("button", { name: "Done" }).click();
    };

    tokens.push((await generate("profile-admin", SUPER_ADMIN)).token);
    await page.goto(`${URL_OF_GATEWAY}/console`);
    await signIn(page, tokens[0]);
    await page.getByRole("link", { name: "Generate a token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("profile-token");
    await page.getByLabel("Super admin").check();
    await page.getByRole("button", { name: "Generate token" }).click();
    await page.getByLabel("Give this token full access").check();
    await page.getByRole("button", { name: "Generate super-admin token" }).click();
    await reveal("generated");
    await openToken(page, "profile-admin");
    await page.getByRole("button", { name: "Regenerate…" }).click();
    await page.getByLabel("Type profile-admin to confirm").fill("profile-admin");
    await page.getByRole("button", { name: "Regenerate token" }).click();
    await reveal("regenerated");
    await page.getByRole("link", { name: "All tokens" }).click();
    await page.getByRole("button", { name: "Delete profile-admin" }).click();
    await page.getByLabel("Type profile-admin to confirm").fill("profile-admin");
    await page.getByRole("button", { name: "Delete token" }).click();
    await waitForText(page, "the token you were signed in with");
    await signIn(page, tokens[1]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await context.close();
    assert.equal(new Set(tokens).size, 3);
    assertNoToken("after the life cycle");
    // The second marker in the session storage has replaced the first.
    for (const marker of ["field-generated", "field-regenerated", "session-regenerated"])
      assert.notDeepEqual(filesWith(profile, marker), [], marker);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
