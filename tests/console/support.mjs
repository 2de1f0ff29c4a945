// Shared by the console's tests: a browser, the gateway's URL, and direct access to the API.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test as nodeTest } from "node:test";
import { IN_FIREFOX, launch, launchWithProfile, PERMISSIONS } from "./browser.mjs";

export { IN_FIREFOX, launch, launchWithProfile };

const require = createRequire(new URL("../../functions/console/web/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const URL_OF_GATEWAY = process.env.CONSOLE_URL;
export const ADMIN = readFileSync(process.env.CONSOLE_ADMIN_FILE, "utf8").trim();

/** Calls the API directly. */
export async function api(method, path, body, { token = ADMIN, headers = {} } = {}) {
  const response = await fetch(`${URL_OF_GATEWAY}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

export const ORDERS = { type: "specific", grants: [{ resource: "routes", methods: ["GET"], paths: ["/orders/**"] }] };

export const SUPER_ADMIN = { permissions: { type: "superAdmin" } };
/** The problem of a table that does not respond. */
export const UNAVAILABLE = {
  type: "urn:tokenward:problem:unavailable",
  title: "The table is unavailable",
  status: 503,
  detail: "The table is unavailable. Try again.",
};

/** Generates a token through the API. */
export async function generate(name, more = {}) {
  const { status, body } = await api("POST", "/v1/tokens", { name, permissions: ORDERS, ...more });
  if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Opens the console in a new browser context, and records console errors and the URLs of all requests. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...PERMISSIONS,
    ...options,
  });
  const page = await context.newPage();
  // A machine that runs other jobs is slow, and that must not fail a test.
  page.setDefaultTimeout(30_000);
  const complaints = [];
  const requests = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    // The browser logs each unsuccessful response itself; tests cause those deliberately.
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  await page.goto(`${URL_OF_GATEWAY}/console`);
  // The page is rendered after it has loaded the permissions.
  await page.getByRole("heading", { level: 1 }).waitFor();
  return { page, context, complaints, requests };
}

/** Signs in, by default as the super admin, and waits for the heading of the page that opens. */
export async function signIn(page, token = ADMIN, heading = "API tokens") {
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
}

/** Returns whether a button ignores clicks. Some are not really disabled, so that they keep the focus. */
export async function isOff(button) {
  return (await button.isDisabled()) || (await button.getAttribute("aria-disabled")) === "true";
}

/** Opens the form of a new token with a grant for GET on routes. */
export async function openForm(page, name) {
  await signIn(page);
  await page.getByRole("link", { name: "Generate a token" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("tab", { name: "Routes" }).click();
  await page.getByRole("button", { name: "Add a permission for Routes" }).click();
  await page.getByLabel("GET").check();
}

/** Opens a token from the list. */
export async function openToken(page, name) {
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
}

/** The events on a page. */
export const events = (page) => page.locator("ul.history > li");

/** Opens the history of all tokens from the list, with all events since a day. */
export async function openHistory(page, day) {
  await page.getByRole("link", { name: "History", exact: true }).click();
  await page.getByRole("heading", { name: "History", exact: true }).waitFor();
  await page.getByLabel("From").fill(day);
  const more = page.getByRole("button", { name: "Show more" });
  const loaded = () => page.getByRole("status").filter({ hasText: "oldest first" }).waitFor();
  // The tests before this one have left more events than one page of the API contains.
  await loaded();
  while ((await more.count()) > 0) {
    const before = await events(page).count();
    await more.click();
    await page.waitForFunction((count) => document.querySelectorAll("ul.history > li").length > count, before);
    await loaded();
  }
}

/** Sends the request to the gateway, and returns its response for `route.fulfill`. */
export async function forward(route) {
  const request = route.request();
  const response = await fetch(request.url(), {
    method: request.method(),
    headers: request.headers(),
    body: request.postData() ?? undefined,
  });
  const { "content-encoding": _, "content-length": __, ...headers } = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text() };
}

/** Makes the matching requests wait until the returned function is called. */
export async function hold(page, pattern, method) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(pattern, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    await released;
    // The page may have stopped waiting.
    await route.continue().catch(() => {});
  });
  return release;
}

/** Waits until the text is visible on `within`, a page or a part of it. */
export const waitForText = (within, text) => within.getByText(text).first().waitFor();

/** Serves the page with another setting of the deployment. */
export async function setSetting(page, name, value) {
  await page.route("**/console", async (route) => {
    const response = await forward(route);
    const body = response.body.replace(new RegExp(`(name="${name}" content=)"[^"]*"`), `$1"${value}"`);
    await route.fulfill({ ...response, body });
  });
  await page.reload();
}

/** Returns the token that the dialog shows. */
export const shownToken = (page) =>
  page.getByRole("dialog").getByRole("group", { name: "Token" }).locator("code").innerText();

/** Returns the id of the token that the dialog shows: the 16 characters after `twd_`. */
export const shownId = async (page) => (await shownToken(page)).slice(4, 20);

/** Returns what follows `twd_`, the id and `_` in a token: its secret and checksum. */
export const secretOf = (token) => token.slice(21);

/** Returns a message for each violation that axe-core finds in the page's current state. */
export async function accessibilityViolations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Makes every matching request fail with this problem, until the returned function is called. */
export async function failing(page, pattern, status, problem, headers = {}) {
  await page.route(pattern, (route) =>
    route.fulfill({
      status,
      headers: { "content-type": "application/problem+json", ...headers },
      body: JSON.stringify(problem),
    }),
  );
  return () => page.unroute(pattern);
}

/** The options of a test that reads the bodies of the page's requests. */
export const READS_BODIES = {};

/** How long a test may last, in milliseconds. */
const TIMEOUT = 180_000;

let shared;

/** Returns the browser that all tests of the process share, as a promise. To be called where tests are defined. */
export function shareBrowser() {
  if (shared === undefined) {
    shared = launch();
    after(async () => (await shared).close());
  }
  return shared;
}

/**
 * Defines a test with a page in a browser context of its own. The test fails if there are errors in the browser's console,
 * requests to another server, or tokens in URLs. `options` are Playwright's options of the context.
 */
export function test(name, options, body) {
  if (typeof options === "function") [options, body] = [{}, options];
  const browser = shareBrowser();
  const skip = IN_FIREFOX && options === READS_BODIES && "Playwright does not see the bodies of requests in Firefox";
  nodeTest(name, { timeout: TIMEOUT, skip }, async () => {
    const { page, context, complaints, requests } = await open(await browser, options);
    try {
      await body(page, context);
    } catch (cause) {
      await page
        .screenshot({ path: `${process.env.CONSOLE_ADMIN_FILE}.${name.replace(/\W+/g, "-")}.png`, fullPage: true })
        .catch(() => {});
      throw cause;
    } finally {
      await context.close();
    }
    assert.deepEqual(complaints, []);
    for (const url of requests) assert.ok(url.startsWith(`${URL_OF_GATEWAY}/`) && !url.includes("twd_"), url);
  });
}
