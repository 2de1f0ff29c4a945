// What the console's tests share: a browser, a gateway's address, and the API beside the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../functions/console/web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const URL_OF_GATEWAY = process.env.CONSOLE_URL;
export const ADMIN = readFileSync(process.env.CONSOLE_ADMIN_FILE, "utf8").trim();

export function launch() {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}

/** The API past the page. */
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

/** A token that exists before the page looks. */
export async function generate(name, more = {}) {
  const { status, body } = await api("POST", "/v1/tokens", { name, permissions: ORDERS, ...more });
  if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** A page of its own, which fails its test at whatever it complains of. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  const requests = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    // An answer that is no success is the browser's complaint, not the page's.
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  await page.goto(`${URL_OF_GATEWAY}/console`);
  return { page, context, complaints, requests };
}

export async function signIn(page, token = ADMIN, keep = false) {
  await page.getByLabel("A super admin’s token").fill(token);
  if (keep) await page.getByLabel("Stay signed in").check();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "API tokens" }).waitFor();
}

/** What axe-core finds wrong with the page as it is, in words. */
export async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Answers every call of the page that matches, once or until it is given up, with a problem. */
export async function failing(page, pattern, status, problem, headers = {}) {
  await page.route(pattern, (route) => route.fulfill({ status, headers: { "content-type": "application/problem+json", ...headers }, body: JSON.stringify(problem) }));
  return () => page.unroute(pattern);
}

/** A test with a page of its own: it must neither complain, nor ask another server, nor ever have a token in an address. */
export function pageTest(test, assert, getBrowser) {
  return (name, options, body) => {
    if (typeof options === "function") [options, body] = [{}, options];
    test(name, async () => {
      const { page, context, complaints, requests } = await open(getBrowser(), options);
      try {
        await body(page, context);
      } catch (cause) {
        // What the page looked like is what one asks first.
        await page.screenshot({ path: `${process.env.CONSOLE_ADMIN_FILE}.${name.replace(/\W+/g, "-")}.png`, fullPage: true }).catch(() => {});
        throw cause;
      } finally {
        await context.close();
      }
      assert.deepEqual(complaints, []);
      for (const url of requests) assert.ok(url.startsWith(`${URL_OF_GATEWAY}/`) && !url.includes("twd_"), url);
    });
  };
}
