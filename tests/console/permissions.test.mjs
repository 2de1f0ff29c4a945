// The permissions form: validation and simulation.
import assert from "node:assert/strict";
import { api, generate, ORDERS, signIn, test, waitForText } from "./support.mjs";

test("a token without complete permissions is not generated", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("powerless");
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Without one, the token has no access");
  await page.getByRole("button", { name: "Add a permission for Routes" }).click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Complete the permissions under Routes.");
  assert.deepEqual((await api("GET", "/v1/tokens?namePrefix=powerless")).body.tokens, []);
});

test("violations from the server are shown at their fields and open their tab", async (page) => {
  await generate("taken");
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("taken");
  await page.getByRole("tab", { name: "Routes" }).click();
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByLabel("GET").check();
  await page.getByLabel("Paths").fill("/orders/**/items,");
  await page.getByRole("tab", { name: "Jobs" }).click();
  await page.getByRole("button", { name: "Generate token" }).click();
  const paths = page.getByLabel("Paths");
  await paths.waitFor();
  assert.equal(await paths.getAttribute("aria-invalid"), "true");
  await page.getByRole("button", { name: "Remove /orders/**/items" }).click();
  await paths.fill("/orders/**,");
  await page.getByRole("button", { name: "Generate token" }).click();
  const { body } = await api("POST", "/v1/tokens", { name: "taken", permissions: ORDERS });
  await waitForText(page, body.errors[0].detail);
  assert.equal(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid"), "true");
});

test("a request is simulated against unsaved permissions", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByRole("tab", { name: "Routes" }).click();
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByLabel("GET").check();
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByText("Test a request").click();
  const path = page.getByLabel("Path", { exact: true });
  await path.fill("/orders/7");
  await path.press("Enter");
  await waitForText(page, "Allowed by: Send GET to /orders/**.");
  await page.getByLabel("Method", { exact: true }).selectOption("DELETE");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await waitForText(page, "Not allowed");
  await path.fill("/orders?x=1");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  const { body } = await api("POST", "/v1/simulate", { method: "GET", path: "/orders?x=1", permissions: ORDERS });
  await waitForText(page, body.errors[0].detail);
});
