// The history of all tokens, and what was changed.
import assert from "node:assert/strict";
import {
  accessibilityViolations,
  api,
  events,
  generate,
  openHistory,
  openToken,
  signIn,
  test,
  UNAVAILABLE,
  URL_OF_GATEWAY,
  waitForText,
} from "./support.mjs";

const eventOf = (page, text) => events(page).filter({ hasText: text });
/** Returns the UTC day on which a token was generated. It may be yesterday by now. */
const dayOf = ({ createdAt }) => createdAt.slice(0, 10);

test("the history of all tokens is in words, with the values before and after each change", async (page) => {
  const record = await generate("audited", { owner: "Payments" });
  const { id } = record;
  await api("PATCH", `/v1/tokens/${id}`, { owner: "Billing", permissions: { type: "superAdmin" } });
  await api("POST", `/v1/tokens/${id}/regenerate`, { gracePeriodSeconds: 60 });
  await api("POST", `/v1/tokens/${id}/rollback`);
  await api("DELETE", `/v1/tokens/${id}`);
  await signIn(page);
  await openHistory(page, dayOf(record));
  for (const sentence of [
    /^admin generated audited/,
    /^admin changed audited/,
    /^admin regenerated audited/,
    /^admin rolled back audited to its previous secret/,
    /^admin deleted audited/,
  ])
    await eventOf(page, sentence).waitFor();
  const changed = eventOf(page, "changed audited");
  await changed.getByText("Before and after").click();
  await changed.getByText("Super admin: full access").waitFor();
  assert.deepEqual((await changed.locator("dl").innerText()).split("\n"), [
    "Owner",
    "Before: Payments",
    "After: Billing",
    "Permissions",
    "Before: Send GET to /orders/**.",
    "After: Super admin: full access, including managing tokens.",
  ]);
  assert.deepEqual(await accessibilityViolations(page), []);
  // The history outlives the token.
  await changed.getByRole("link", { name: "audited" }).click();
  await page.getByRole("heading", { name: "Token not found" }).waitFor();
  await page.getByRole("button", { name: "Show history" }).click();
  await waitForText(page, "deleted the token");
  await waitForText(page, "changed the owner and the permissions");
});

test("the history of one token shows the values before and after a change", async (page) => {
  const { id } = await generate("watched");
  await api("PATCH", `/v1/tokens/${id}`, { allowedIps: ["127.0.0.0/8", "203.0.113.7"] });
  await signIn(page);
  await openToken(page, "watched");
  await page.getByRole("button", { name: "Show history" }).click();
  const changed = eventOf(page, "changed the allowed addresses");
  await changed.getByText("Before and after").click();
  await waitForText(changed, "203.0.113.7");
  await waitForText(changed, "Any address");
  const made = eventOf(page, "generated the token");
  await made.getByText("What was set").click();
  await waitForText(made, "watched");
});

test("the days are in the address, and the filter changes them", async (page) => {
  const day = dayOf(await generate("of-this-day"));
  const asked = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/v1/events") asked.push(`${searchParams.get("from")} ${searchParams.get("to")}`);
  });
  await signIn(page);
  await page.goto(`${URL_OF_GATEWAY}/console#/history?from=2026-01-01&to=2026-01-31`);
  await waitForText(page, "Nothing happened on these days.");
  assert.equal(await page.getByLabel("From").inputValue(), "2026-01-01");
  await page.getByLabel("From").fill("2026-01-30");
  await page.waitForFunction(() => location.hash === "#/history?from=2026-01-30&to=2026-01-31");
  await waitForText(page, "Nothing happened on these days.");
  await page.getByLabel("To").fill("2026-01-29");
  await page.getByRole("alert").waitFor();
  await page.getByLabel("To").fill(day);
  await page.getByLabel("From").fill(day);
  await events(page).first().waitFor();
  assert.deepEqual([asked[0], asked.at(-1)], ["2026-01-01 2026-01-31", `${day} ${day}`]);
});

test("empty pages of the API are skipped, and the page that failed can be tried again", async (page) => {
  const event = (n) => ({
    at: "2026-02-01T00:00:00Z",
    action: "updated",
    token: { id: "0000000000000000", name: `event-${n}` },
    actor: { id: null, name: "bootstrap" },
    sourceIp: null,
    requestId: `request-${n}`,
  });
  let isFailing = false;
  await page.route("**/v1/events?*", (route) => {
    if (isFailing) return route.fulfill({ status: 503, json: UNAVAILABLE });
    const at = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
    const page = at % 10 === 9 ? Array.from({ length: 30 }, (_, n) => event(n + at)) : [];
    return route.fulfill({ json: { events: page, nextCursor: at < 39 ? String(at + 1) : null } });
  });
  await signIn(page);
  await page.goto(`${URL_OF_GATEWAY}/console#/history?from=2026-02-01&to=2026-02-28`);
  await waitForText(page, "The first 60 events, the oldest first.");
  isFailing = true;
  await page.getByRole("button", { name: "Show more" }).click();
  await waitForText(page, "The table is unavailable");
  assert.equal(await events(page).count(), 60);
  isFailing = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await waitForText(page, "120 events, the oldest first.");
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
});
