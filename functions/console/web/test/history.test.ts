import assert from "node:assert/strict";
import { test } from "node:test";
import { searchOf } from "../src/api";
import { describeEvent, joined } from "../src/history";

test("events are described in words, also those of a later release", () => {
  const updated = (...members: string[]) =>
    describeEvent({ action: "updated", changes: Object.fromEntries(members.map((member) => [member, null])) });
  assert.equal(updated("permissions"), "changed the permissions");
  assert.equal(
    updated("description", "owner", "permissions"),
    "changed the description, the owner and the permissions",
  );
  assert.equal(updated(), "changed the token");
  assert.equal(describeEvent({ action: "rolledBack", changes: {} }), "rolled back to the previous secret");
  assert.equal(describeEvent({ action: "frozen", changes: {} }), "did “frozen”");
  assert.equal(joined([]), "");
});

test("of a token only the id is searched for, also if the token is damaged", () => {
  const id = "4GkTz0a9QmW1xB7c";
  const secret = "s".repeat(43);
  for (const text of [`twd_${id}_${secret}000000`, ` Bearer twd_${id}_${secret}`, `twd_${id}_x`]) {
    assert.equal(searchOf(text), id, text);
  }
  for (const text of ["", id, "twd_", "ci-deployer"]) assert.equal(searchOf(text), text);
});
