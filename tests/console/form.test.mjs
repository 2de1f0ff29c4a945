// The form of permissions: typing and pasting values, the focus, and where errors are shown.
import assert from "node:assert/strict";
import {
  ADMIN,
  accessibilityViolations,
  api,
  forward,
  generate,
  ORDERS,
  openForm,
  openToken,
  shownId,
  signIn,
  test,
  waitForText,
} from "./support.mjs";

/** Clicks where a button was, as a person does, even if it moves meanwhile. Returns by how many pixels it has moved down. */
async function press(page, button) {
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await button.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  // A click by hand lasts about this long, in milliseconds.
  await page.waitForTimeout(120);
  const moved = await button.boundingBox();
  await page.mouse.up();
  return moved.y - y;
}

const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

test("the first click on Generate sends the form while a path is being typed, and the button does not move", async (page) => {
  await openForm(page, "first-click");
  await page.getByLabel("Paths").fill("/orders/**");
  assert.equal(await press(page, page.getByRole("button", { name: "Generate token" })), 0);
  await page.getByRole("dialog", { name: "first-click is ready" }).waitFor();
  const { body } = await api("GET", `/v1/tokens/${await shownId(page)}`);
  assert.deepEqual(body.permissions, ORDERS);
});

test("the first click on Test sends the request while a path is being typed", async (page) => {
  await openForm(page, "first-test");
  await page.getByText("Test a request").click();
  await page.getByLabel("Path", { exact: true }).fill("/orders/7");
  await page.getByLabel("Paths").fill("/orders/**");
  assert.equal(await press(page, page.getByRole("button", { name: "Test", exact: true })), 0);
  await waitForText(page, "Allowed by");
});

test("the first click on Generate shows the error if the name is wrong", async (page) => {
  await openForm(page, "x");
  await page.getByLabel("Name", { exact: true }).focus();
  assert.equal(await press(page, page.getByRole("button", { name: "Generate token" })), 0);
  await waitForText(page, "Enter at least 3 characters");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
});

test("Enter in Paths ends a path, and never sends the form", async (page) => {
  await openForm(page, "enter-enter");
  const paths = page.getByLabel("Paths");
  await paths.fill("/orders/**");
  await paths.press("Enter");
  await paths.press("Enter");
  await page.getByRole("button", { name: "Remove /orders/**" }).waitFor();
  await page.waitForTimeout(300);
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.deepEqual((await api("GET", "/v1/tokens?namePrefix=enter-enter")).body.tokens, []);
});

test("the result of Test disappears when the permissions change", async (page) => {
  await openForm(page, "stale-result");
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByText("Test a request").click();
  await page.getByLabel("Method", { exact: true }).selectOption("POST");
  await page.getByLabel("Path", { exact: true }).fill("/orders/7");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await waitForText(page, "Not allowed");
  await page.getByLabel("POST", { exact: true }).check();
  await page.getByText("Not allowed").waitFor({ state: "detached" });
  // A response that arrives after the permissions have changed again is not shown either.
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  const answered = new Promise((resolve) =>
    page.route("**/v1/simulate", async (route) => {
      const response = await forward(route);
      await released;
      await route.fulfill(response).catch(() => {});
      resolve();
    }),
  );
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByLabel("POST", { exact: true }).uncheck();
  release();
  await answered;
  await page.waitForTimeout(200);
  assert.equal(await page.getByText(/^(Allowed|Not allowed)$/).count(), 0);
});

test("an incomplete permission on another tab is opened and receives the focus", async (page) => {
  await openForm(page, "other-tab");
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByRole("tab", { name: "Kubernetes" }).click();
  await page.getByRole("button", { name: "Add a permission for Kubernetes" }).click();
  await page.getByRole("tab", { name: "Routes" }).click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Complete the permissions under Kubernetes.");
  assert.equal(await page.getByRole("tab", { selected: true }).innerText(), "Kubernetes\n1");
  const cluster = page.getByLabel("Cluster", { exact: true });
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  assert.ok(await isFocused(cluster));
});

test("only permissions that the user tried to send are marked as incomplete", async (page) => {
  await openForm(page, "new-is-clean");
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Enter one or more paths");
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByRole("tab", { name: "Jobs" }).click();
  await page.getByRole("button", { name: "Add a permission for Jobs" }).click();
  await page.getByLabel("Project", { exact: true }).waitFor();
  assert.deepEqual(
    await page.locator('.grant [aria-invalid="true"]').evaluateAll((all) => all.map((one) => one.outerHTML)),
    [],
  );
  assert.equal(await page.getByText("Complete the permissions under").count(), 0);
});

test("* in Paths is an error that can be corrected, and clearing an All box restores the earlier values", async (page) => {
  await openForm(page, "star");
  const paths = page.getByLabel("Paths");
  await paths.fill("*");
  await paths.press("Enter");
  assert.equal(await paths.isDisabled(), false);
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "Start each path with /, unlike “*”");
  await page.getByRole("button", { name: "Remove *" }).click();
  await page.getByRole("tab", { name: "Devtron apps" }).click();
  await page.getByRole("button", { name: "Add a permission for Devtron apps" }).click();
  await page.getByLabel("Environments", { exact: true }).fill("prod,staging,");
  await page.getByLabel("Project", { exact: true }).fill("payments");
  for (const all of ["All environments", "Any project"]) {
    await page.getByLabel(all).check();
    await page.getByLabel(all).uncheck();
  }
  await page.getByRole("button", { name: "Remove staging" }).waitFor();
  assert.equal(await page.getByLabel("Project", { exact: true }).inputValue(), "payments");
});

test("each violation of the server names the value that is wrong", async (page) => {
  await openForm(page, "two-violations");
  await page.getByLabel("Paths").fill("/fine/**,/a/**/b,/c/**/d,");
  await page.getByRole("button", { name: "Generate token" }).click();
  await waitForText(page, "“/a/**/b”:");
  const error = await page.locator(".grant .error:not(:empty)").innerText();
  assert.ok(error.includes("“/c/**/d”:") && !error.includes("/fine/"), error);
});

test("the focus moves to a permission that was added, and stays near a chip that was removed", async (page) => {
  await openForm(page, "focus");
  await page.getByRole("button", { name: "Add a permission for Routes" }).click();
  const second = page.getByRole("group", { name: "Permission 2 for Routes" });
  assert.ok(await isFocused(second.getByLabel("GET")));
  await second.getByLabel("Paths").fill("/a,/b,");
  await second.getByRole("button", { name: "Remove /a" }).click();
  assert.ok(await isFocused(second.getByLabel("Paths")));
  await second.getByRole("button", { name: "Remove permission 2 for Routes" }).click();
  assert.ok(await isFocused(page.getByRole("tab", { selected: true })));
});

test("a list of values can be pasted with line breaks", async (page) => {
  await openForm(page, "pasted");
  await page.evaluate(() => navigator.clipboard.writeText("/orders/**\n/invoices/*\n/orders/**\n"));
  await page.getByLabel("Paths").focus();
  await page.keyboard.press("ControlOrMeta+v");
  for (const path of ["/orders/**", "/invoices/*"])
    await page.getByRole("button", { name: `Remove ${path}` }).waitFor();
  assert.equal(await page.locator(".chip").count(), 2);
});

test("the page of a token with 100 permissions is short, and has few tab stops", async (page) => {
  const grants = Array.from({ length: 100 }, (_, n) => ({
    resource: "routes",
    methods: ["GET"],
    paths: [`/orders/${n}`],
  }));
  const { id } = await generate("hundred", { permissions: { type: "specific", grants } });
  await signIn(page);
  await openToken(page, "hundred");
  const { height, stops } = await page.evaluate(() => ({
    height: document.documentElement.scrollHeight,
    stops: [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter(
      (element) => element.tabIndex >= 0 && element.checkVisibility(),
    ).length,
  }));
  assert.ok(height < 7000, `${height} px`);
  assert.ok(stops < 140, `${stops} tab stops`);
  // Save is always in view.
  await page.getByText("42. Send GET to /orders/41.").click();
  const save = page.getByRole("button", { name: "Save changes" });
  await page.getByRole("group", { name: "Permission 42 for Routes" }).getByLabel("POST").check();
  const box = await save.boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 900, `Save is at ${box.y} px`);
  await save.click();
  await waitForText(page, "Saved.");
  const { body } = await api("GET", `/v1/tokens/${id}`);
  assert.deepEqual(body.permissions.grants[41].methods, ["GET", "POST"]);
  assert.deepEqual(await accessibilityViolations(page), []);
});

test("a template fills in the permissions", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("from-template");
  await page.getByRole("button", { name: "Auditor" }).click();
  await waitForText(
    page,
    "Devtron apps: view applications, environments and the project, for any project; all environments; all applications.",
  );
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByRole("dialog", { name: "from-template is ready" }).waitFor();
  const { body } = await api("GET", `/v1/tokens/${await shownId(page)}`);
  assert.deepEqual(
    body.permissions.grants.map(({ resource, role }) => [resource, role]),
    [
      ["routes", undefined],
      ["devtronApps", "view"],
      ["helmApps", "view"],
      ["jobs", "view"],
      ["kubernetes", "view"],
      ["chartGroups", "view"],
    ],
  );
});

test("a draft can be linked, and a token duplicated, without its secret", async (page, context) => {
  await generate("original", { description: "Dashboards", expiresInDays: 365 });
  await openForm(page, "linked-draft");
  await page.getByLabel("Paths").fill("/orders/**");
  await page.getByLabel("Expiration").selectOption("90 days");
  await page.getByRole("button", { name: "Copy link to this draft" }).click();
  await waitForText(page, "Link copied.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(link);
  await other.getByLabel("Token", { exact: true }).fill(ADMIN);
  await other.getByRole("button", { name: "Sign in" }).click();
  await waitForText(other, "This form was filled in for you");
  assert.equal(await other.getByLabel("Name", { exact: true }).inputValue(), "linked-draft");
  assert.equal(await other.getByLabel("Expiration").inputValue(), "90");
  await waitForText(other, "Send GET to /orders/**.");
  await other.goto(`${link.split("#")[0]}#/`);
  await openToken(other, "original");
  await other.getByRole("link", { name: "Duplicate" }).click();
  assert.equal(await other.getByLabel("Name", { exact: true }).inputValue(), "original-copy");
  await other.getByRole("button", { name: "Generate token" }).click();
  await other.getByRole("dialog", { name: "original-copy is ready" }).waitFor();
  const [copy] = (await api("GET", "/v1/tokens?namePrefix=original-copy")).body.tokens;
  assert.deepEqual([copy.description, copy.permissions], ["Dashboards", ORDERS]);
  assert.ok(Math.abs(Date.parse(copy.expiresAt) - Date.now() - 365 * 86_400_000) < 120_000, copy.expiresAt);
  for (const url of [link, other.url()]) assert.ok(!url.includes("twd_"), url);
});
