import "./page";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenRecord } from "../src/api";
import { endOfSecret } from "../src/grace";
import { isInUse, isUnused, lastUseOf, unusedSince } from "../src/usage";

const NOW = Date.parse("2026-11-23T09:00:00Z");
const DAY = 86_400_000;
const ago = (days: number) => new Date(NOW - days * DAY).toISOString();

/** Returns a token that was generated 100 days ago. The arguments are the days since its last uses and its regenerate. */
function token(used: number | null, previous: number | null = null, regenerated: number | null = null): TokenRecord {
  return {
    id: "0".repeat(16),
    name: "used",
    description: null,
    owner: null,
    status: "active",
    expiresAt: null,
    permissions: { type: "superAdmin" },
    allowedIps: null,
    selfRegenerate: false,
    version: 1,
    createdAt: ago(100),
    createdBy: { id: null, name: "bootstrap" },
    updatedAt: ago(100),
    updatedBy: { id: null, name: "bootstrap" },
    regeneratedAt: regenerated === null ? null : ago(regenerated),
    lastUsed: used === null ? null : { at: ago(used), sourceIp: null, route: null },
    previousSecret: previous === null ? null : { validUntil: ago(-1), lastUsedAt: ago(previous) },
  };
}

test("the last use of a token is the latest of both secrets", () => {
  assert.equal(lastUseOf(token(null)), null);
  assert.equal(lastUseOf(token(3)), ago(3));
  assert.equal(lastUseOf(token(3, 2)), ago(2));
  assert.equal(lastUseOf(token(1, 2)), ago(1));
});

test("a token is in use for a day after any of its secrets was used", () => {
  const inUse = [token(0.9), token(5, 0.5), token(1), token(null)].map((record) => isInUse(record, NOW));
  assert.deepEqual(inUse, [true, true, false, false]);
});

test("a token is unused 60 days after it was generated, regenerated and used", () => {
  const unused = [token(null), token(60), token(59), token(null, null, 3), token(null, 70, 3)];
  assert.deepEqual(
    unused.map((record) => isUnused(record, NOW)),
    [true, true, false, false, false],
  );
  assert.equal(isUnused({ ...token(null), createdAt: ago(59) }, NOW), false);
});

test("the server's filter finds every unused token, and changes only once a day", () => {
  assert.equal(unusedSince(NOW), "2026-09-25T00:00:00Z");
  assert.equal(unusedSince(NOW + DAY / 2), "2026-09-25T00:00:00Z");
  assert.ok(Date.parse(unusedSince(NOW)) > NOW - 60 * DAY);
});

test("the end of a secret follows the grace period", () => {
  assert.equal(endOfSecret(0), "The current secret stops working immediately");
  assert.equal(endOfSecret(86_400), "The current secret stops working after 1 day");
});
