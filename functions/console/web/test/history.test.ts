import assert from "node:assert/strict";
import { test } from "node:test";
import type { TokenEvent } from "../src/api";
import { withoutSecret } from "../src/api";
import { changesOfNewest, describeEvent, findChanges } from "../src/events";
import { describeValue, joined } from "../src/members";

test("events are described in words, also those of a later release", () => {
  const updated = (...members: string[]) =>
    describeEvent({ action: "updated", changes: Object.fromEntries(members.map((member) => [member, null])) });
  assert.equal(updated("permissions"), "changed the permissions");
  assert.equal(
    updated("description", "owner", "permissions"),
    "changed the description, the owner and the permissions",
  );
  assert.equal(
    updated("allowedIps", "selfRegenerate"),
    "changed the allowed addresses and the right to regenerate itself",
  );
  assert.equal(updated(), "changed the token");
  assert.equal(describeEvent({ action: "rolledBack", changes: {} }), "rolled back the token to its previous secret");
  assert.equal(describeEvent({ action: "frozen", changes: {} }), "did “frozen” to the token");
  assert.equal(joined([]), "");
});

test("if the search text contains a token, even a damaged one, only its id is searched for", () => {
  const id = "4GkTz0a9QmW1xB7c";
  const secret = "s".repeat(43);
  for (const text of [`twd_${id}_${secret}000000`, ` Bearer twd_${id}_${secret}`, `twd_${id}_x`]) {
    assert.equal(withoutSecret(text), id, text);
  }
  for (const text of ["", id, "twd_", "ci-deployer"]) assert.equal(withoutSecret(text), text);
});

const event = (n: number, action: string, changes: TokenEvent["changes"]): TokenEvent => ({
  at: `2026-11-01T00:00:0${n}Z`,
  action,
  token: { id: "4GkTz0a9QmW1xB7c", name: "ci" },
  actor: { id: null, name: "bootstrap" },
  changes,
  sourceIp: null,
  requestId: null,
});
const EVENTS = [
  event(4, "updated", { owner: null }),
  event(3, "updated", { owner: "b", description: "new" }),
  event(2, "updated", { owner: "a" }),
  event(1, "generated", { name: "ci" }),
];

test("the value before a change is from the last older event that set it: null if unset, undefined if unknown", () => {
  assert.deepEqual(changesOfNewest(EVENTS), [{ member: "owner", before: "b", after: null }]);
  assert.deepEqual(changesOfNewest(EVENTS.slice(1)), [
    { member: "owner", before: "a", after: "b" },
    { member: "description", before: null, after: "new" },
  ]);
  assert.deepEqual(changesOfNewest(EVENTS.slice(2, 3)), [{ member: "owner", before: undefined, after: "a" }]);
  assert.deepEqual(changesOfNewest([]), []);
});

test("the changes of an event of a day are read from its token's history, as few pages as needed", async () => {
  const cursors: (string | null)[] = [];
  const find = (n: number) => {
    cursors.length = 0;
    const { changes: _, ...dayEvent } = event(n, n === 1 ? "generated" : "updated", {});
    return findChanges(dayEvent, async (cursor) => {
      cursors.push(cursor);
      const at = Number(cursor ?? 0);
      return { events: EVENTS.slice(at, at + 1), nextCursor: at < 3 ? String(at + 1) : null };
    });
  };
  assert.deepEqual(await find(4), [{ member: "owner", before: "b", after: null }]);
  assert.deepEqual(cursors, [null, "1"]);
  assert.deepEqual(await find(2), [{ member: "owner", before: null, after: "a" }]);
  assert.deepEqual(await find(1), [{ member: "name", before: undefined, after: "ci" }]);
  assert.equal(await find(9), null);
});

test("values are described in words, also those that are not known", () => {
  assert.deepEqual(describeValue("allowedIps", null), ["Any address"]);
  assert.deepEqual(describeValue("allowedIps", ["10.0.0.0/8", "::1"]), ["10.0.0.0/8", "::1"]);
  assert.deepEqual(describeValue("selfRegenerate", true), ["Yes"]);
  assert.deepEqual(describeValue("expiresAt", null), ["Never"]);
  assert.deepEqual(describeValue("owner", null), ["None"]);
  assert.deepEqual(describeValue("permissions", { type: "superAdmin" }), [
    "Super admin: full access, including managing tokens.",
  ]);
  assert.deepEqual(describeValue("colour", { red: 7 }), ['{"red":7}']);
});
