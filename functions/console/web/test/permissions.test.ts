// Grants of a vocabulary in the form and in plain language.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grant } from "../src/api";
import { templates } from "../src/draft";
import { describeGrant, emptyRow, KINDS, kindOf, rowErrors, setVocabulary, toGrant, toRow } from "../src/permissions";

const member = (name: string, title: string, single = false) => ({ name, title, example: "x", hint: "", single });

setVocabulary({
  kinds: [
    {
      resource: "invoices",
      title: "Invoices",
      description: "Invoices of customers.",
      members: [member("customer", "Customer", true), member("numbers", "Numbers")],
      roles: [
        { name: "list", description: "List the invoices", allows: ["invoices:list:{customer}/*"] },
        { name: "see", description: "", allows: ["invoices:get:*/*"] },
        { name: "pay", description: "", allows: ["invoices:pay:{customer}/{numbers}"] },
      ],
    },
  ],
});

const pay: Grant = { resource: "invoices", customer: "acme", numbers: ["1", "2"], role: "pay" };
const list: Grant = { resource: "invoices", customer: "*", numbers: ["*"], role: "list" };

test("the deployment's kinds come after routes", () => {
  assert.deepEqual(
    KINDS.map(({ resource }) => resource),
    ["routes", "invoices"],
  );
});

test("a grant is described by its role and the names that limit it", () => {
  assert.equal(describeGrant(list), "Invoices: list the invoices, for any customer");
  assert.equal(describeGrant(pay), "Invoices: pay, for customer acme; numbers 1 and 2");
  assert.equal(describeGrant({ ...pay, numbers: ["*"] }), "Invoices: pay, for customer acme; all numbers");
});

test("a grant that the vocabulary does not describe is shown as JSON, and kept out of the form", () => {
  const grants: Grant[] = [
    { resource: "moon", names: ["*"], role: "land" },
    { ...pay, role: "delete" },
    { ...pay, customer: ["acme"] },
    { ...pay, more: "x" },
    { ...list, numbers: ["1"] },
    { resource: "invoices", customer: "acme", role: "list" },
  ];
  for (const grant of grants) {
    assert.equal(toRow(grant), null);
    assert.equal(describeGrant(grant), `Unknown grant (${grant.resource}): ${JSON.stringify(grant)}`);
  }
});

test("the form sends a grant back unchanged", () => {
  for (const grant of [pay, list]) {
    const row = toRow(grant);
    assert.ok(row);
    assert.deepEqual(toGrant(row), grant);
    assert.deepEqual(rowErrors(row), {});
  }
});

test("a field that the role does not use must apply to all", () => {
  const kind = kindOf("invoices");
  assert.ok(kind);
  const row = emptyRow(kind);
  assert.deepEqual([row.role, row.values.numbers], ["list", ["*"]]);
  const one = { ...row, values: { customer: [], numbers: ["1"] } };
  assert.deepEqual(rowErrors(one), {
    customer: "Enter a customer, or select “Any customer”",
    numbers: "Select “All numbers”: the role list applies to all of them",
  });
});

test("a template is filled with the roles that allow its actions, and is left out if no kind has such a role", () => {
  assert.deepEqual(
    templates().map(({ label, draft }) => [label, draft.rows.map(({ resource, role }) => `${resource} ${role}`)]),
    [
      ["Read-only CI", ["routes "]],
      ["Auditor", ["routes ", "invoices see"]],
    ],
  );
});
