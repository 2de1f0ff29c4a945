// Pages of other origins call the API. The browser sends the preflight requests, and passes the responses on or blocks them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { ADMIN, ORDERS, shareBrowser, URL_OF_GATEWAY } from "./support.mjs";

const browser = shareBrowser();
const pages = [];
const servers = [];

/** Serves an empty page, and returns its origin. */
async function serve(port) {
  const server = createServer((_, response) =>
    response.setHeader("content-type", "text/html").end("<!doctype html><title>page</title>"),
  );
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

after(async () => {
  for (const page of pages) await page.close();
  for (const server of servers) server.close();
});

/** Sends a request from a page of this origin. Returns what its script can see, or "blocked". */
async function send(page, method, path, { token = ADMIN, headers = {}, body } = {}) {
  const request = [
    `${URL_OF_GATEWAY}${path}`,
    { method, headers: { authorization: `Bearer ${token}`, ...headers }, body: body && JSON.stringify(body) },
  ];
  return page.evaluate(async ([url, options]) => {
    try {
      const response = await fetch(url, options);
      const text = await response.text();
      return {
        status: response.status,
        etag: response.headers.get("etag"),
        location: response.headers.get("location"),
        cacheControl: response.headers.get("cache-control"),
        body: text && JSON.parse(text),
      };
    } catch {
      return "blocked";
    }
  }, request);
}

async function open(origin) {
  const page = await (await browser).newPage();
  pages.push(page);
  await page.goto(origin);
  return page;
}

test("a page of an allowed origin manages tokens and calls routes of every kind", async () => {
  const page = await open(await serve(Number(new URL(process.env.CONSOLE_ORIGIN).port)));
  const json = { "content-type": "application/json" };
  const generated = await send(page, "POST", "/v1/tokens", {
    headers: json,
    body: { name: "from-another-origin", permissions: ORDERS },
  });
  assert.equal(generated.status, 201);
  assert.equal(generated.etag, '"1"');
  assert.equal(generated.location, `/v1/tokens/${generated.body.id}`);
  assert.equal(generated.cacheControl, "no-store", "every page may read this header");
  const path = `/v1/tokens/${generated.body.id}`;
  const updated = await send(page, "PATCH", path, {
    headers: { ...json, "if-match": generated.etag },
    body: { description: "changed" },
  });
  assert.deepEqual([updated.status, updated.etag], [200, '"2"']);
  // A route with the method ANY. Its preflight requests contain no token, so they must not reach the authorizer.
  const { token } = generated.body;
  assert.equal((await send(page, "GET", "/orders/7", { token })).status, 200);
  assert.deepEqual((await send(page, "PUT", "/orders/7", { token })).body, { message: "Forbidden" });
  assert.equal((await send(page, "PUT", "/orders/7", { headers: json, body: {} })).status, 200);
  assert.equal((await send(page, "DELETE", path)).status, 204);
  // A header that is not allowed is blocked by the browser.
  assert.equal(await send(page, "GET", "/whoami", { headers: { "x-other": "1" } }), "blocked");
});

test("a page of another origin is blocked, and changes nothing", async () => {
  const page = await open(await serve(0));
  assert.equal(await send(page, "GET", "/v1/tokens"), "blocked");
  const body = { name: "from-a-foreign-origin", permissions: ORDERS };
  assert.equal(
    await send(page, "POST", "/v1/tokens", { headers: { "content-type": "application/json" }, body }),
    "blocked",
  );
  const list = await fetch(`${URL_OF_GATEWAY}/v1/tokens?namePrefix=from-a-foreign`, {
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  assert.deepEqual((await list.json()).tokens, []);
});
