// A deployment with the vocabulary of infra/examples/invoices: generate, simulate, use, and the console.
import assert from "node:assert/strict";
import { test as apiTest } from "node:test";
import { api, generate, openToken, shownToken, signIn, test, waitForText } from "../console/support.mjs";

const grant = (invoices, role) => ({ resource: "invoices", invoices, role });
const specific = (...grants) => ({ permissions: { type: "specific", grants } });

apiTest("grants of the vocabulary are accepted, and others are rejected with the known names", async () => {
  const record = await generate("accountant", specific(grant(["7"], "pay")));
  assert.deepEqual(record.permissions.grants, [grant(["7"], "pay")]);
  const shop = { resource: "devtronApps", project: "a", environments: ["*"], applications: ["*"], role: "view" };
  const rejected = await api("POST", "/v1/tokens", { name: "other", ...specific(shop, grant(["7"], "admin")) });
  assert.equal(rejected.status, 422);
  assert.deepEqual(
    rejected.body.errors.map(({ pointer, detail }) => [pointer, detail]),
    [
      ["/permissions/grants/0/resource", "must be one of `invoices`, `routes`"],
      ["/permissions/grants/1/role", "must be one of `view`, `pay`"],
    ],
  );
});

apiTest("simulate and the authorizer decide by the vocabulary", async () => {
  const { id, token } = await generate("reader", specific(grant(["7"], "view")));
  const simulate = async (path) => (await api("POST", `/v1/tokens/${id}/simulate`, { method: "GET", path })).body;
  assert.equal((await simulate("/invoices/7")).grantedBy, 0);
  assert.deepEqual((await simulate("/invoices/8")).missing, ["invoices:get:8"]);
  // The gateway has no Lambda endpoint, so 501 means that the authorizer allowed the request.
  assert.equal((await api("GET", "/invoices/7", undefined, { token })).status, 501);
  assert.equal((await api("GET", "/invoices/8", undefined, { token })).status, 403);
  // The demo's rules have names that this vocabulary lacks, so its routes are for super admins.
  assert.equal((await api("GET", "/projects/a/applications/b", undefined, { token })).status, 403);
  assert.equal((await api("GET", "/projects/a/applications/b")).status, 200);
});

test("the console offers the kinds of the vocabulary, and describes their grants", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  assert.deepEqual(await page.getByRole("tab").allInnerTexts(), ["Routes", "Invoices"]);
  await page.getByLabel("Name", { exact: true }).fill("from-the-console");
  await page.getByRole("tab", { name: "Invoices" }).click();
  await page.getByRole("button", { name: "Add a permission for Invoices" }).click();
  await page.getByLabel("Invoices", { exact: true }).fill("7, 8,");
  await page.getByLabel("Role").selectOption("pay");
  await waitForText(page, "Invoices: view and pay the invoices, for invoices 7 and 8.");
  await page.getByRole("button", { name: "Generate token" }).click();
  const token = await shownToken(page);
  const { body } = await api("GET", `/v1/tokens/${token.slice(4, 20)}`);
  assert.deepEqual(body.permissions.grants, [grant(["7", "8"], "pay")]);
});

test("the console shows a grant that the vocabulary lacks as it is", async (page) => {
  const { id, token: _, ...record } = await generate("before", specific(grant(["7"], "view")));
  const shop = { resource: "chartGroups", names: ["*"], role: "admin" };
  await page.route(`**/v1/tokens/${id}`, (route) =>
    route.fulfill({ json: { id, ...record, permissions: { type: "specific", grants: [shop] } } }),
  );
  await signIn(page);
  await openToken(page, "before");
  await waitForText(page, `Unknown grant (chartGroups): ${JSON.stringify(shop)}`);
});
