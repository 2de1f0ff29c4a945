// Loading the page.
import assert from "node:assert/strict";
import { test, URL_OF_GATEWAY } from "./support.mjs";

test("the first paint loads only the page's own assets, under 100 KiB", async (page) => {
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name, transferSize }) => ({ path: new URL(name).pathname, transferSize })),
  );
  const paths = loaded.map(({ path }) => path).filter((path) => path !== "/console/icon.svg");
  assert.deepEqual(paths.sort(), ["/console/app.css", "/console/app.js", "/console/permissions.json"]);
  const bytes = loaded.reduce((sum, { transferSize }) => sum + transferSize, 0);
  assert.ok(bytes < 100 * 1024, `${bytes} bytes`);
});

test("the address with a trailing slash leads to the same page", async (page) => {
  await page.goto(`${URL_OF_GATEWAY}/console/#/generate`);
  assert.equal(page.url(), `${URL_OF_GATEWAY}/console#/generate`);
  await page.getByLabel("Token", { exact: true }).waitFor();
});
