import assert from "node:assert/strict";
import { test } from "node:test";
import { endOfExpiringSoon, formatRelative, fromLocalInput, stateOf, toApi } from "../src/time";

const NOW = Date.parse("2026-11-23T09:00:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test("the end of the filter for tokens that expire soon changes only once a day", () => {
  assert.equal(endOfExpiringSoon(NOW), "2026-12-01T00:00:00Z");
  assert.equal(endOfExpiringSoon(NOW + 14 * 60 * MINUTE), "2026-12-01T00:00:00Z");
  assert.equal(endOfExpiringSoon(NOW + DAY), "2026-12-02T00:00:00Z");
});

test("a relative time uses the largest unit that is exact enough", () => {
  for (const [difference, text] of [
    [30 * DAY, "in 30 days"],
    [-2 * 60 * MINUTE, "2 hours ago"],
    [45 * DAY, "in 45 days"],
    [61 * DAY, "in 2 months"],
    [400 * DAY, "in 13 months"],
    [-7 * 365 * DAY, "7 years ago"],
    [20_000, "in less than a minute"],
    [0, "just now"],
  ] as const) {
    assert.equal(formatRelative(new Date(NOW + difference), NOW), text);
  }
});

test("a token expires soon in its last seven days, and is expired at its expiration", () => {
  const at = (difference: number) =>
    stateOf({ status: "active", expiresAt: new Date(NOW + difference).toISOString() }, NOW);
  assert.deepEqual([at(8 * DAY), at(7 * DAY), at(1000), at(0)], ["active", "soon", "soon", "expired"]);
  assert.equal(stateOf({ status: "active", expiresAt: null }, NOW), "active");
});

test("timestamps are sent in UTC with whole seconds", () => {
  assert.equal(toApi(new Date(NOW + 999)), "2026-11-23T09:00:00Z");
  assert.equal(fromLocalInput("2026-13-01T00:00"), null);
});
