import "./page";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenRecord } from "../src/api";
import { expirationError, lifetimeOf, toExpiration } from "../src/expiration";

const DAY = 86_400_000;
const record = (expiresAt: string | null, regeneratedAt: string | null = null) =>
  ({ createdAt: "2026-11-01T00:00:00Z", expiresAt, regeneratedAt }) as TokenRecord;

test("the lifetime of a token starts when its secret was generated", () => {
  assert.equal(lifetimeOf(record("2026-12-01T00:00:00Z")), 30 * DAY);
  assert.equal(lifetimeOf(record("2026-12-01T00:00:00Z", "2026-11-24T00:00:00Z")), 7 * DAY);
  assert.equal(lifetimeOf(record(null)), null);
});

test("an expiration is sent as it was chosen", () => {
  const custom = "";
  assert.deepEqual(toExpiration({ kind: "90", custom }), { expiresInDays: 90 });
  assert.deepEqual(toExpiration({ kind: "never", custom }), { expiresAt: null });
  assert.deepEqual(toExpiration({ kind: "same", custom }, 365 * DAY), { expiresInDays: 365 });
  assert.deepEqual(toExpiration({ kind: "same", custom }, null), { expiresAt: null });
});

test("only a future time within the maximum is valid", () => {
  for (const [custom, message] of [
    ["", "Enter a date and time"],
    ["2020-01-01T00:00", "Enter a time in the future"],
    ["9999-01-01T00:00", "Enter a time within 3650 days from now"],
  ] as const) {
    assert.equal(expirationError({ kind: "custom", custom }), message);
  }
});
