import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptionError, nameError } from "../src/fields";

test("a name is validated by the API's rules", () => {
  for (const name of ["abc", "a-1", "a".repeat(50)]) assert.equal(nameError(name), null, name);
  for (const [name, message] of [
    ["ab", "Enter at least 3 characters"],
    ["CI-deployer", "Use lowercase letters only"],
    ["ci deployer", "Use - or _ instead of spaces"],
    ["ci/deployer", "Use only a–z, 0–9, - and _, not “/”"],
    ["-ci", "Start with a letter or digit"],
    ["ci-", "End with a letter or digit"],
    ["a".repeat(51), "Enter at most 50 characters, not 51"],
  ] as const) {
    assert.equal(nameError(name), message);
  }
});

test("a description is measured in code points", () => {
  assert.equal(descriptionError("🙂".repeat(350)), null);
  assert.equal(descriptionError("🙂".repeat(351)), "Enter at most 350 characters, not 351");
});
