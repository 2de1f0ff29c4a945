// Generating a token.
import assert from "node:assert/strict";
import { api, isOff, shownId, signIn, test, waitForText } from "./support.mjs";

test("a name is validated when its field loses the focus, and from then on while it is typed", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  const name = page.getByLabel("Name", { exact: true });
  for (const [typed, said] of [
    ["ci", "Enter at least 3 characters"],
    ["CI", "Use lowercase letters only"],
    ["ci deployer", "Use - or _ instead of spaces"],
    ["<b>ci</b>", "Use only a–z, 0–9, - and _, not “<”"],
    ["-ci", "Start with a letter or digit"],
    ["ci-", "End with a letter or digit"],
    ["c".repeat(51), "Enter at most 50 characters, not 51"],
  ]) {
    await name.fill(typed);
    if (typed === "ci") {
      assert.equal(await name.getAttribute("aria-invalid"), "false");
      await name.blur();
    }
    await waitForText(page, said);
    assert.equal(await name.getAttribute("aria-invalid"), "true");
  }
  await name.fill("ci-deployer");
  assert.equal(await name.getAttribute("aria-invalid"), "false");
  await page.getByLabel("Description").fill("🙂".repeat(351));
  await waitForText(page, "Enter at most 350 characters, not 351");
});

test("grants of every kind are sent as filled in", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("every-kind");
  await page.getByLabel("Expiration").selectOption("90 days");
  /** Adds a grant: `chips` are the values of its lists, `ones` its single values, and `ticks` the boxes to tick. */
  const fill = async (tab, chips, ones, ticks, role) => {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("button", { name: "Add a permission" }).click();
    const row = page.locator(".grant");
    for (const [label, value] of Object.entries(ones)) await row.getByLabel(label, { exact: true }).fill(value);
    for (const [label, values] of Object.entries(chips)) {
      for (const value of values) {
        await row.getByLabel(label, { exact: true }).fill(value);
        await row.getByLabel(label, { exact: true }).press("Enter");
      }
    }
    for (const label of ticks) await row.getByLabel(label).check();
    if (role) await row.getByLabel("Role").selectOption(role);
  };
  await fill(
    "Devtron apps",
    { Environments: ["prod", "staging"] },
    { Project: "payments" },
    ["All applications"],
    "trigger",
  );
  await fill("Helm apps", { Environments: ["production/web"], Applications: ["redis"] }, {}, ["Any project"], "edit");
  await fill(
    "Jobs",
    { Environments: ["prod"], Jobs: ["nightly"], Workflows: ["main"] },
    { Project: "payments" },
    [],
    "view",
  );
  await fill(
    "Kubernetes",
    { Namespaces: ["web"], "API groups": ["core"], Kinds: ["Pod"] },
    { Cluster: "production" },
    ["All objects"],
    "view",
  );
  await fill("Chart groups", {}, {}, [], "admin");
  await fill("Routes", { Paths: ["/orders/**, /invoices/*,"] }, {}, ["GET", "POST"]);
  await waitForText(
    page,
    "Devtron apps: view, and start builds and deployments, for project payments; environments prod and staging; all applications.",
  );
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("dialog", { name: "every-kind is ready" }).waitFor();
  const { body } = await api("GET", `/v1/tokens/${await shownId(page)}`);
  assert.deepEqual(body.permissions.grants, [
    {
      resource: "devtronApps",
      project: "payments",
      environments: ["prod", "staging"],
      applications: ["*"],
      role: "trigger",
    },
    { resource: "helmApps", project: "*", environments: ["production/web"], applications: ["redis"], role: "edit" },
    {
      resource: "jobs",
      project: "payments",
      environments: ["prod"],
      jobs: ["nightly"],
      workflows: ["main"],
      role: "view",
    },
    {
      resource: "kubernetes",
      cluster: "production",
      namespaces: ["web"],
      apiGroups: ["core"],
      kinds: ["Pod"],
      names: ["*"],
      role: "view",
    },
    { resource: "chartGroups", names: ["*"], role: "admin" },
    { resource: "routes", methods: ["GET", "POST"], paths: ["/orders/**", "/invoices/*"] },
  ]);
  const days = (Date.parse(body.expiresAt) - Date.parse(body.createdAt)) / 86_400_000;
  assert.equal(days, 90);
});

test("generating a super-admin token requires a confirmation", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("second-admin");
  await page.getByLabel("Super admin").check();
  await waitForText(page, "call every protected route");
  await page.getByLabel("Expiration").selectOption("No expiration");
  await waitForText(page, "This token works until");
  await page.getByRole("button", { name: "Generate token" }).click();
  const confirm = page.getByRole("button", { name: "Generate super-admin token" });
  assert.equal(await isOff(confirm), true);
  await page.getByLabel("Give this token full access").check();
  await confirm.click();
  await page.getByLabel("I’ve saved it another way").check();
  await page.getByRole("button", { name: "Done" }).click();
  const [record] = (await api("GET", "/v1/tokens?namePrefix=second-admin")).body.tokens;
  assert.deepEqual([record.permissions, record.expiresAt], [{ type: "superAdmin" }, null]);
});

test("a custom expiration is read in the user's time zone, to the minute", {
  timezoneId: "America/St_Johns",
}, async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("own-moment");
  await page.getByLabel("Super admin").check();
  await page.getByLabel("Expiration").selectOption("Custom date and time");
  const dateAndTime = page.getByLabel("Date and time");
  await dateAndTime.fill("2020-01-01T00:00");
  await waitForText(page, "Enter a time in the future");
  await dateAndTime.fill("2027-01-15T12:34");
  await page.getByText(/Friday, January 15, 2027 at 12:34.PM (NST|GMT-3:30)/).waitFor();
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByLabel("Give this token full access").check();
  await page.getByRole("button", { name: "Generate super-admin token" }).click();
  await page.getByLabel("I’ve saved it").check();
  await page.getByRole("button", { name: "Done" }).click();
  const [record] = (await api("GET", "/v1/tokens?namePrefix=own-moment")).body.tokens;
  assert.equal(record.expiresAt, "2027-01-15T16:04:00Z");
});
