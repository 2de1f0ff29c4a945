import assert from "node:assert/strict";
import { test } from "node:test";
import type { Permissions } from "../src/api";
import { draftError, rowKeys, templates, toDraft, toPermissions, violationsOf } from "../src/draft";
import { parseValues, rowErrors } from "../src/permissions";

const ROUTES: Permissions = {
  type: "specific",
  grants: [
    { resource: "routes", methods: ["GET"], paths: ["/a", "/b"] },
    { resource: "queues", names: ["*"], role: "send" },
  ],
};

test("a draft keeps permissions unchanged, even grants of an unknown kind", () => {
  assert.deepEqual(toPermissions(toDraft(ROUTES)), ROUTES);
  assert.deepEqual(toPermissions(toDraft({ type: "superAdmin" })), { type: "superAdmin" });
});

test("text that is still being typed counts as values", () => {
  const draft = toDraft(ROUTES);
  const [row] = draft.rows;
  assert.ok(row);
  row.typed.paths = " /c, /a ";
  assert.deepEqual(toPermissions(draft), {
    ...ROUTES,
    grants: [{ resource: "routes", methods: ["GET"], paths: ["/a", "/b", "/c"] }, ROUTES.grants[1]],
  });
  row.typed.paths = "d";
  assert.deepEqual(rowErrors(row), { paths: "Start each path with /, unlike “d”" });
  assert.equal(draftError(draft), "Complete the permissions under Routes.");
  // Only the rows with the given keys are checked.
  assert.equal(draftError(draft, new Set()), null);
  assert.equal(rowKeys(draft).has(row.key), true);
});

test("values are separated by commas and line breaks, and are not repeated", () => {
  assert.deepEqual(parseValues(" a,b\r\n\n c ,a", ["c"]), ["a", "b"]);
});

test("a message about one value names it, and the messages of a field are joined", () => {
  const at = (pointer: string, detail: string) => ({ pointer: `/permissions/grants/${pointer}`, code: "x", detail });
  const violations = [at("0/paths/1", "first"), at("0/paths/0", "second"), at("0/methods", "third"), at("1", "fourth")];
  const draft = toDraft(ROUTES);
  assert.deepEqual(violationsOf(draft, 0, violations), { paths: "“/b”: first; “/a”: second", methods: "third" });
  assert.deepEqual(violationsOf(draft, 1, violations), { "": "fourth" });
  assert.deepEqual(violationsOf(draft, 10, violations), {});
});

test("every template is complete", () => {
  for (const { label, draft } of templates()) assert.equal(draftError(draft), null, label);
});
