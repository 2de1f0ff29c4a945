// The console in a browser: what a person can do with it, and what happens when something is wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADMIN, ORDERS, URL_OF_GATEWAY, api, failing, generate, launch, open, pageTest, signIn, violations } from "./setting.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
const inPage = pageTest(test, assert, () => browser);

const superAdmin = { permissions: { type: "superAdmin" } };
const UNAVAILABLE = { type: "urn:tokenward:problem:unavailable", title: "The table does not answer", status: 503, detail: "Whether the request took effect may be unknown; it was never half done." };
const message = (page, text) => page.getByText(text).first().waitFor();

// Signing in

inPage("a text that is no token is refused before anybody is asked", async (page) => {
  let asked = 0;
  page.on("request", (request) => (asked += request.url().includes("/v1/")));
  const wrong = `${ADMIN.slice(0, -1)}${ADMIN.endsWith("0") ? "1" : "0"}`;
  for (const text of ["hunter2", ADMIN.slice(0, -1), wrong]) {
    await page.getByLabel("A super admin’s token").fill(text);
    await page.getByRole("button", { name: "Sign in" }).click();
    await message(page, "This is not a whole token");
  }
  assert.equal(asked, 0);
});

inPage("a token that is not a super admin’s, or no more, is told so", async (page) => {
  const { token } = await generate("no-admin");
  const gone = await generate("gone-admin", superAdmin);
  await api("DELETE", `/v1/tokens/${gone.id}`);
  for (const text of [token, gone.token]) {
    await page.getByLabel("A super admin’s token").fill(text);
    await page.getByRole("button", { name: "Sign in" }).click();
    await message(page, "is not a super admin’s");
    await page.getByLabel("A super admin’s token").fill("");
  }
});

inPage("the token stays in the page’s memory unless its owner wants it kept for the tab", async (page, context) => {
  await signIn(page);
  const stored = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.equal(await stored(), '[{},{},""]');
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(page, ADMIN, true);
  await page.reload();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  assert.equal(await stored(), JSON.stringify([{}, { "tokenward.token": ADMIN }, ""]));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await stored(), '[{},{},""]');
  assert.deepEqual(await context.cookies(), []);
});

inPage("a token that stops working leads back to signing in", async (page) => {
  const { id, token } = await generate("short-lived", superAdmin);
  await signIn(page, token, true);
  await api("DELETE", `/v1/tokens/${id}`);
  await page.getByLabel("Status").selectOption("Active");
  await message(page, "does not work any more");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

// The list

inPage("the list is searched by prefix as one types, and filtered by status", async (page) => {
  for (const name of ["search-a", "search-b", "searching"]) await generate(name);
  await signIn(page);
  const rows = page.locator("tbody tr");
  await page.getByLabel("Name begins with").pressSequentially("Search-");
  await page.getByText("2 tokens", { exact: true }).waitFor();
  assert.equal(await rows.count(), 2);
  await page.getByLabel("Status").selectOption("Expired");
  await message(page, "No token matches these filters");
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.getByRole("link", { name: "searching", exact: true }).waitFor();
  await page.getByLabel("Name begins with").fill("-nothing");
  await message(page, "No name begins like this");
  // Nothing is said of the next names before the server has said it.
  await page.evaluate(() => {
    globalThis.hasty = false;
    new MutationObserver(() => (globalThis.hasty ||= document.body.innerText.includes("No token matches"))).observe(document.body, { childList: true, subtree: true });
  });
  await page.getByLabel("Name begins with").fill("search-");
  await page.getByText("2 tokens", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.hasty), false);
});

inPage("the list says what a token may do, who made it, and that its end is near", async (page) => {
  const maker = await generate("maker", superAdmin);
  const made = { name: "near-its-end", expiresInDays: 6, description: "for the night shift", permissions: ORDERS };
  assert.equal((await api("POST", "/v1/tokens", made, { token: maker.token })).status, 201);
  await generate("far-from-it", { expiresInDays: 8 });
  await signIn(page);
  const row = (name) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  const near = await row("near-its-end").innerText();
  for (const said of ["for the night shift", "Send GET to /orders/**", "by maker", "Expires soon"]) assert.ok(near.includes(said), `${said}: ${near}`);
  const far = await row("far-from-it").innerText();
  assert.ok(far.includes("by admin") && !far.includes("Expires soon"), far);
  // Without a pointer over them.
  for (const name of ["Edit near-its-end", "Delete near-its-end"]) {
    const action = page.getByLabel(name, { exact: true });
    assert.ok(await action.evaluate((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })), name);
  }
});

inPage("an empty list leads to the first token", async (page) => {
  const { token } = await generate("lonely", superAdmin);
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens: [], nextCursor: null } }));
  await signIn(page, token);
  await page.getByRole("link", { name: "Generate the first token" }).click();
  await page.getByRole("heading", { name: "Generate a token" }).waitFor();
});

inPage("a server that does not serve is told so, and asked again", async (page) => {
  const restore = await failing(page, "**/v1/tokens?*", 503, UNAVAILABLE, { "retry-after": "1" });
  await signIn(page);
  await message(page, "Whether the request took effect may be unknown");
  await message(page, "The server asks to wait 1 s.");
  await restore();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("link", { name: "admin", exact: true }).waitFor();
  await page.route("**/v1/tokens?*", (route) => route.abort());
  await page.getByLabel("Status").selectOption("Active");
  await message(page, "The server cannot be reached");
});

inPage("pages follow each other to the end, past an empty one, and another order says over what it is", async (page) => {
  const record = await generate("paged");
  const { token: _, ...shown } = record;
  const pages = { null: [100, "a"], a: [0, "b"], b: [30, null] };
  await page.route("**/v1/tokens?*", (route) => {
    const [count, nextCursor] = pages[new URL(route.request().url()).searchParams.get("cursor")];
    const tokens = Array.from({ length: count }, (_, n) => ({ ...shown, id: `${nextCursor}${n}`.padEnd(16, "x"), name: `page-${nextCursor}-${n}`, createdAt: new Date(1.7e12 + n * 1e6).toISOString() }));
    return route.fulfill({ json: { tokens, nextCursor } });
  });
  await signIn(page);
  await message(page, "100 loaded, and there are more");
  await page.getByRole("button", { name: "Created" }).click();
  await message(page, "Sorted over the 100 tokens that are loaded");
  await page.getByRole("button", { name: "Name" }).click();
  for (const range of ["51–100", "101–130"]) {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(range, { exact: true }).waitFor();
  }
  await message(page, "130 tokens");
  assert.equal(await page.getByRole("button", { name: "Next" }).isDisabled(), true);
  await page.reload();
  await signIn(page);
  await page.getByRole("button", { name: "Load all" }).click();
  await message(page, "130 tokens");
});

inPage("whatever the server sends is text, and what cannot be read can be deleted", async (page) => {
  const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  const { token: _, ...record } = await generate("markup", { description: markup });
  const unreadable = { id: record.id, name: `<b>${markup}</b>`, unreadable: true };
  const tokens = [{ ...record, name: markup, createdBy: { id: null, name: markup } }, unreadable, { ...unreadable, id: null, name: "x" }];
  await page.route("**/v1/tokens?*", (route) => route.fulfill({ json: { tokens, nextCursor: null } }));
  await signIn(page);
  await message(page, "This token’s record cannot be read");
  assert.equal(await page.locator("tbody img, tbody script, tbody b").count(), 0);
  assert.equal(await page.title(), "API tokens · tokenward");
  await page.getByRole("button", { name: `Delete <b>${markup}</b>` }).click();
  await page.getByLabel(`Type <b>${markup}</b> to confirm`).fill(unreadable.name);
  await page.getByRole("button", { name: "Delete token" }).click();
  await message(page, "is deleted.");
  assert.equal((await api("GET", `/v1/tokens/${record.id}`)).status, 404);
});

// Generating

inPage("a name is judged while it is typed", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  const name = page.getByLabel("Name", { exact: true });
  for (const [typed, said] of [
    ["ci", "Must have at least 3 characters"],
    ["CI", "Only small letters"],
    ["ci deployer", "No spaces: use - or _"],
    ["<b>ci</b>", "No “<”: only a–z"],
    ["-ci", "Must begin with a letter or digit"],
    ["ci-", "Must end with a letter or digit"],
    ["c".repeat(51), "Must have at most 50 characters; this has 51"],
  ]) {
    await name.fill(typed);
    await message(page, said);
    assert.equal(await name.getAttribute("aria-invalid"), "true");
  }
  await name.fill("ci-deployer");
  assert.equal(await name.getAttribute("aria-invalid"), "false");
  await page.getByLabel("Description").fill("🙂".repeat(351));
  await message(page, "Must have at most 350 characters; this has 351");
});

inPage("a token with grants of every kind is generated as it was filled in, and shown once", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("every-kind");
  await page.getByLabel("Expiration").selectOption("90 days");
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
  await fill("Devtron apps", { Environments: ["prod", "staging"] }, { Project: "payments" }, ["All applications, existing and future"], "trigger");
  await fill("Helm apps", { Environments: ["production/web"], Applications: ["redis"] }, {}, ["Every project"], "edit");
  await fill("Jobs", { Environments: ["prod"], Jobs: ["nightly"], Workflows: ["main"] }, { Project: "payments" }, [], "view");
  await fill("Kubernetes", { Namespaces: ["web"], "API groups": ["core"], Kinds: ["Pod"] }, { Cluster: "production" }, ["All objects"], "view");
  await fill("Chart groups", {}, {}, [], "admin");
  await fill("Routes", { Paths: ["/orders/**, /invoices/*,"] }, {}, ["GET", "POST"]);
  await message(page, "See, build and deploy all applications of project payments, in environments prod and staging.");
  await page.getByRole("button", { name: "Generate token" }).click();
  const dialog = page.getByRole("dialog", { name: "every-kind is ready" });
  const token = await dialog.getByLabel("The token").inputValue();
  const id = token.slice(4, 20);

  // It cannot be lost by chance.
  for (let escape = 0; escape < 3; escape++) await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await message(dialog, "once this is closed, it is gone");
  assert.equal(await dialog.getByRole("button", { name: "Done" }).isDisabled(), true);
  await dialog.getByText("Use it with curl").click();
  assert.ok((await dialog.locator("pre").innerText()).includes(`-H 'authorization: Bearer ${token}'`));
  await dialog.getByRole("button", { name: "Copy token" }).click();
  await message(dialog, "The token is in the clipboard.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  assert.ok(!(await page.content()).includes(token));

  const { body } = await api("GET", `/v1/tokens/${id}`);
  assert.deepEqual(body.permissions.grants, [
    { resource: "devtronApps", project: "payments", environments: ["prod", "staging"], applications: ["*"], role: "trigger" },
    { resource: "helmApps", project: "*", environments: ["production/web"], applications: ["redis"], role: "edit" },
    { resource: "jobs", project: "payments", environments: ["prod"], jobs: ["nightly"], workflows: ["main"], role: "view" },
    { resource: "kubernetes", cluster: "production", namespaces: ["web"], apiGroups: ["core"], kinds: ["Pod"], names: ["*"], role: "view" },
    { resource: "chartGroups", names: ["*"], role: "admin" },
    { resource: "routes", methods: ["GET", "POST"], paths: ["/orders/**", "/invoices/*"] },
  ]);
  const days = (Date.parse(body.expiresAt) - Date.parse(body.createdAt)) / 86_400_000;
  assert.equal(days, 90);
});

inPage("a token without permissions is not generated unnoticed", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("powerless");
  await page.getByRole("button", { name: "Generate token" }).click();
  await message(page, "a token without any can do nothing");
  await page.getByRole("button", { name: "Add a permission for Devtron apps" }).click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await message(page, "One permission is not complete.");
  assert.deepEqual((await api("GET", "/v1/tokens?namePrefix=powerless")).body.tokens, []);
});

inPage("the server’s violations land on their fields, and bring their tab to the front", async (page) => {
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
  await message(page, "is the name of another token");
  assert.equal(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid"), "true");
});

inPage("a super admin takes a second, deliberate step", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("second-admin");
  await page.getByLabel("Super admin").check();
  await message(page, "use every protected route");
  await page.getByLabel("Expiration").selectOption("No expiration");
  await message(page, "A token that never expires works until");
  await page.getByRole("button", { name: "Generate token" }).click();
  const confirm = page.getByRole("button", { name: "Generate it" });
  assert.equal(await confirm.isDisabled(), true);
  await page.getByLabel("I want a token that can do everything").check();
  await confirm.click();
  await page.getByLabel("I have stored it by other means").check();
  await page.getByRole("button", { name: "Done" }).click();
  const [record] = (await api("GET", "/v1/tokens?namePrefix=second-admin")).body.tokens;
  assert.deepEqual([record.permissions, record.expiresAt], [{ type: "superAdmin" }, null]);
});

inPage("a moment of one’s own is one’s own time, to the minute", { timezoneId: "America/St_Johns" }, async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("own-moment");
  await page.getByLabel("Super admin").check();
  await page.getByLabel("Expiration").selectOption("Custom date and time");
  const moment = page.getByLabel("Date and time");
  await moment.fill("2020-01-01T00:00");
  await message(page, "Must lie in the future");
  await moment.fill("2027-01-15T12:34");
  await page.getByText(/Friday, January 15, 2027 at 12:34.PM (NST|GMT-3:30)/).waitFor();
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByLabel("I want a token that can do everything").check();
  await page.getByRole("button", { name: "Generate it" }).click();
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
  const [record] = (await api("GET", "/v1/tokens?namePrefix=own-moment")).body.tokens;
  assert.equal(record.expiresAt, "2027-01-15T16:04:00Z");
});

inPage("a request is tried against permissions that no token has yet", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByRole("tab", { name: "Routes" }).click();
  await page.getByRole("button", { name: "Add a permission" }).click();
  await page.getByLabel("GET").check();
  await page.getByLabel("Paths").fill("/orders/**,");
  await page.getByText("Try it: would a request be allowed?").click();
  const path = page.getByLabel("Path", { exact: true });
  await path.fill("/orders/7");
  await path.press("Enter");
  await message(page, "By: Send GET to /orders/**.");
  await page.getByLabel("Method", { exact: true }).selectOption("DELETE");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await message(page, "Not allowed");
  await path.fill("/orders?x=1");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await message(page, "must be a path alone");
});

inPage("an answer that was lost on the way is told as what it is", async (page) => {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill("perhaps");
  await page.getByLabel("Super admin").check();
  const restore = await failing(page, "**/v1/tokens", 503, UNAVAILABLE);
  await page.getByRole("button", { name: "Generate token" }).click();
  await page.getByLabel("I want a token that can do everything").check();
  await page.getByRole("button", { name: "Generate it" }).click();
  await message(page, "Whether the request took effect may be unknown");
  await restore();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("dialog", { name: "perhaps is ready" }).waitFor();
});

// One token

const detail = async (page, name) => {
  await page.getByLabel("Name begins with").fill(name);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
};

inPage("description and permissions are changed, and nothing else is sent", async (page) => {
  const { id } = await generate("changing", { description: "before" });
  await signIn(page);
  await detail(page, "changing");
  assert.equal(await page.getByRole("button", { name: "Save changes" }).isDisabled(), true);
  const sent = page.waitForRequest((request) => request.method() === "PATCH");
  await page.getByLabel("Description").fill("after");
  await page.getByRole("button", { name: "Save changes" }).click();
  const request = await sent;
  assert.deepEqual(request.postDataJSON(), { description: "after" });
  assert.equal(request.headers()["if-match"], '"1"');
  await message(page, "Saved.");
  await page.getByRole("button", { name: "Remove /orders/**" }).click();
  await page.getByLabel("Paths").fill("/invoices/*,");
  await page.getByRole("button", { name: "Save changes" }).click();
  await message(page, "The permissions count from the next request on");
  const { body } = await api("GET", `/v1/tokens/${id}`);
  assert.deepEqual([body.description, body.version, body.permissions.grants[0].paths], ["after", 3, ["/invoices/*"]]);
});

inPage("a change by somebody else is shown, and overwritten only if one says so", async (page) => {
  const { id } = await generate("contested", { description: "first" });
  await signIn(page);
  await detail(page, "contested");
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs" });
  await page.getByLabel("Description").fill("mine");
  await page.getByRole("button", { name: "Save changes" }).click();
  await message(page, "Somebody else changed this token meanwhile");
  await page.locator(".theirs").getByText("theirs", { exact: true }).waitFor();
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "theirs");
  await page.getByRole("button", { name: "Take theirs, drop mine" }).click();
  assert.equal(await page.getByLabel("Description").inputValue(), "theirs");
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs again" });
  await page.getByLabel("Description").fill("mine");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("button", { name: "Save mine over theirs" }).click();
  await message(page, "Saved.");
  assert.equal((await api("GET", `/v1/tokens/${id}`)).body.description, "mine");
});

inPage("grants of a newer release are kept as they are", async (page) => {
  const { id, token: _, ...record } = await generate("newer");
  const unknown = { resource: "queues", names: ["*"], role: "send" };
  await page.route(`**/v1/tokens/${id}`, async (route) => {
    if (route.request().method() === "GET") return route.fulfill({ json: { id, ...record, permissions: { type: "specific", grants: [...ORDERS.grants, unknown] } } });
    assert.deepEqual(route.request().postDataJSON().permissions.grants[1], unknown);
    return route.fulfill({ json: { id, ...record, version: 2 } });
  });
  await signIn(page);
  await detail(page, "newer");
  await message(page, "Something of a newer release (queues)");
  await page.getByLabel("POST").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await message(page, "Saved.");
});

inPage("regenerating replaces the token, and a super admin’s takes its name", async (page) => {
  const { id, token } = await generate("old-admin", superAdmin);
  await signIn(page);
  await detail(page, "old-admin");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  const button = page.getByRole("button", { name: "Regenerate token" });
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel("Type old-admin to confirm").fill("old-admin");
  await page.getByRole("dialog").getByLabel("Expiration").selectOption("7 days");
  await button.click();
  const dialog = page.getByRole("dialog", { name: "old-admin has a new token" });
  const fresh = await dialog.getByLabel("The token").inputValue();
  assert.equal((await api("GET", `/v1/tokens/${id}`, null, { token })).status, 403);
  assert.equal((await api("GET", `/v1/tokens/${id}`, null, { token: fresh })).status, 200);
  await dialog.getByLabel("I have stored it").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await message(page, "version 2");
});

inPage("a stale page regenerates nothing", async (page) => {
  const { id, token } = await generate("stale");
  await signIn(page);
  await detail(page, "stale");
  await api("PATCH", `/v1/tokens/${id}`, { description: "changed" });
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByRole("button", { name: "Regenerate token" }).click();
  await message(page, "Nothing was regenerated");
  assert.equal((await fetch(`${URL_OF_GATEWAY}/orders/7`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  await page.getByRole("button", { name: "See how it is now" }).click();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "changed");
});

inPage("whoever replaces the token of the session goes on with the new one", async (page) => {
  const { token } = await generate("self-admin", superAdmin);
  await signIn(page, token, true);
  await detail(page, "self-admin");
  await message(page, "You are signed in with this token");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await page.getByLabel("Type self-admin to confirm").fill("self-admin");
  await page.getByRole("button", { name: "Regenerate token" }).click();
  const fresh = await page.getByLabel("The token").inputValue();
  await page.getByRole("button", { name: "Copy token" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "All tokens" }).click();
  await page.getByRole("link", { name: "self-admin", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("tokenward.token")), fresh);
});

inPage("deleting takes the name, and one’s own token signs out", async (page) => {
  const { token } = await generate("own-admin", superAdmin);
  const other = await generate("other-token");
  await signIn(page, token);
  await page.getByLabel("Name begins with").fill("other");
  await page.getByRole("button", { name: "Delete other-token" }).click();
  const button = page.getByRole("button", { name: "Delete token" });
  await page.getByLabel("Type other-token to confirm").fill("other-tokem");
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel("Type other-token to confirm").fill("other-token");
  await button.click();
  await message(page, "other-token is deleted.");
  assert.equal((await api("GET", `/v1/tokens/${other.id}`)).status, 404);
  await detail(page, "own-admin");
  await page.getByRole("button", { name: "Delete…" }).click();
  await message(page, "deleting it signs you out");
  await page.getByLabel("Type own-admin to confirm").fill("own-admin");
  await button.click();
  await message(page, "the token that you were signed in with");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

inPage("a token that is gone is told so", async (page) => {
  await signIn(page);
  await page.evaluate(() => {
    location.hash = "#/tokens/0000000000000000";
  });
  await page.getByRole("heading", { name: "No such token" }).waitFor();
});

inPage("all of it works with the keyboard alone", async (page) => {
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute("aria-label") || document.activeElement?.id || "");
  /** Goes on with Tab until the focus is on what is wanted. */
  const tabTo = async (locator) => {
    for (let step = 0; step < 80; step++) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not lead there; it is at ${await focused()}`);
  };
  await tabTo(page.getByLabel("A super admin’s token"));
  await page.keyboard.type(ADMIN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  await tabTo(page.getByRole("link", { name: "Generate a token" }));
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("by-keyboard");
  await tabTo(page.getByRole("tab", { selected: true }));
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowRight");
  await tabTo(page.getByRole("button", { name: "Add a permission for Routes" }));
  await page.keyboard.press("Enter");
  await page.keyboard.down("Shift");
  await tabTo(page.getByLabel("GET"));
  await page.keyboard.up("Shift");
  await page.keyboard.press("Space");
  await tabTo(page.getByLabel("Paths"));
  await page.keyboard.type("/orders/**,");
  await tabTo(page.getByRole("button", { name: "Generate token" }));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page.getByRole("button", { name: "Copy token" }));
  await page.keyboard.press("Enter");
  await message(page, "The token is in the clipboard.");
  await tabTo(page.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
  await tabTo(page.getByLabel("Name begins with"));
  await page.keyboard.type("by-key");
  await page.getByText("1 token", { exact: true }).waitFor();
  await tabTo(page.getByRole("button", { name: "Delete by-keyboard" }));
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Type by-keyboard to confirm"));
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Enter");
  await tabTo(page.getByLabel("Type by-keyboard to confirm"));
  await page.keyboard.type("by-keyboard");
  await page.keyboard.press("Enter");
  await message(page, "by-keyboard is deleted.");
});

inPage("the list is as axe-core wants it, in every state", async (page) => {
  const clean = async (state) => assert.deepEqual(await violations(page), [], state);
  await clean("signing in");
  await page.getByLabel("A super admin’s token").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await clean("a token that is none");
  await generate("accessible", { expiresInDays: 2, description: "expires soon" });
  await signIn(page);
  await page.getByRole("link", { name: "accessible", exact: true }).waitFor();
  await clean("the list");
  await page.getByLabel("Name begins with").fill("-");
  await message(page, "No name begins like this");
  await clean("a prefix that is none");
  await page.getByLabel("Name begins with").fill("zzz");
  await message(page, "No token matches");
  await clean("nothing found");
  const restore = await failing(page, "**/v1/tokens?*", 503, UNAVAILABLE);
  await page.getByLabel("Name begins with").fill("acc");
  await message(page, "Whether the request took effect");
  await clean("a failure");
  await restore();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Delete accessible" }).click();
  await clean("deleting");
});

inPage("forms and dialogs are as axe-core wants them, light and dark, wide and narrow", async (page) => {
  const clean = async (state) => {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["dark", 360]]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await violations(page), [], `${state}, ${colorScheme}, ${width}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${state} is ${overflow} px wider than ${width}`);
    }
  };
  await signIn(page);
  await clean("the list");
  const { width } = await page.locator("td.permitted").first().boundingBox();
  assert.ok(width > 300, `permissions have ${width} px of 360`);
  await page.getByRole("link", { name: "Generate a token" }).click();
  for (const tab of ["Devtron apps", "Helm apps", "Jobs", "Kubernetes", "Chart groups", "Routes"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("button", { name: "Add a permission" }).click();
    await clean(tab);
  }
  await page.getByText("Try it: would a request be allowed?").click();
  await page.getByRole("button", { name: "Generate token" }).click();
  await message(page, "are not complete");
  await clean("mistakes");
  await page.getByLabel("Super admin").check();
  await page.getByLabel("Expiration").selectOption("Custom date and time");
  await page.getByLabel("Name", { exact: true }).fill("axe-admin");
  await page.getByRole("button", { name: "Generate token" }).click();
  await clean("confirming");
  await page.getByLabel("I want a token that can do everything").check();
  await page.getByRole("button", { name: "Generate it" }).click();
  await page.getByText("Use it with curl").click();
  await clean("the token");
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "axe-admin", exact: true }).click();
  await page.getByLabel("Description").fill("changed");
  await clean("one token");
  const [{ id }] = (await api("GET", "/v1/tokens?namePrefix=axe-admin")).body.tokens;
  await api("PATCH", `/v1/tokens/${id}`, { description: "theirs" });
  await page.getByRole("button", { name: "Save changes" }).click();
  await message(page, "Somebody else changed");
  await clean("a conflict");
  await page.getByRole("button", { name: "Regenerate…" }).click();
  await clean("regenerating");
});

test("the first paint waits for nothing but the page’s own parts", async () => {
  const { page, context } = await open(browser);
  const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  assert.deepEqual(names.filter((name) => name !== "/console/icon.svg").sort(), ["/console/app.css", "/console/app.js"]);
  const bytes = await page.evaluate(() => performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0));
  assert.ok(bytes < 100 * 1024, `${bytes} bytes`);
  await context.close();
});
