import "./page";
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, toDraft } from "../src/draft";
import { EMPTY_FORM, toMembers } from "../src/edited";
import { parseChoice } from "../src/expiration";
import { pasted } from "../src/sign-in-page";
import { formatStart, parseStart } from "../src/start";

const parse = (address: string) => parseStart(new URLSearchParams(address.split("?")[1]));

test("parsing the address of a draft returns the draft", () => {
  const permissions = {
    type: "specific" as const,
    grants: [
      { resource: "routes", methods: ["GET"], paths: ["/a&b=c#d"] },
      { resource: "queues", names: ["*"], role: "send" },
    ],
  };
  const edited = {
    description: "a\nb 🙂",
    owner: "team&co",
    addresses: { values: ["10.0.0.0/8"], typed: "2001:db8::/32" },
    selfRegenerate: true,
    draft: toDraft(permissions),
  };
  const start = { name: "ci", choice: parseChoice("90"), edited };
  const parsed = parse(formatStart(start));
  assert.deepEqual(toMembers(parsed.edited), toMembers(edited));
  assert.deepEqual([parsed.name, parsed.choice, parsed.isFilled], ["ci", start.choice, true]);
  assert.equal(toMembers(parse(formatStart({ ...start, edited: EMPTY_FORM })).edited).allowedIps, null);
});

test("invalid permissions in an address are ignored", () => {
  for (const text of ["{", "null", "[]", '{"type":"x"}', '{"type":"specific","grants":7}']) {
    assert.deepEqual(parse(`#/generate?permissions=${encodeURIComponent(text)}`).edited.draft, EMPTY, text);
  }
  const grants = [null, {}, { resource: 7 }, { resource: "routes", paths: [7] }, "routes"];
  const text = encodeURIComponent(JSON.stringify({ type: "specific", grants }));
  assert.deepEqual(parse(`#/generate?permissions=${text}`).edited.draft, EMPTY);
});

test("the expiration in an address is a preset, a number of days, never, or a time", () => {
  assert.equal(parseChoice("never").kind, "never");
  assert.equal(parseChoice("2030-01-01T10:00").custom, "2030-01-01T10:00");
  assert.equal(parseChoice("365").kind, "custom");
  for (const text of [null, "soon", ""]) assert.equal(parseChoice(text).kind, "30");
});

test("a token is found in what was pasted", () => {
  const token = "twd_abc_def";
  for (const text of [token, ` ${token}\n`, `Bearer ${token}`, `authorization: BEARER ${token}`, `"${token}"`]) {
    assert.equal(pasted(text), token);
  }
  assert.equal(pasted("twd_a\u200bbc_\r\n  def\ufeff"), token);
});
