import "./page";
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, toDraft, toPermissions } from "../src/draft";
import { choiceOf } from "../src/expiration";
import { pasted } from "../src/sign-in-page";
import { formatStart, parseStart } from "../src/start";

const parse = (address: string) => parseStart(new URLSearchParams(address.split("?")[1]));

test("a draft survives its address", () => {
  const permissions = {
    type: "specific" as const,
    grants: [
      { resource: "routes", methods: ["GET"], paths: ["/a&b=c#d"] },
      { resource: "queues", names: ["*"], role: "send" },
    ],
  };
  const start = {
    name: "ci",
    description: "a\nb 🙂",
    owner: "team&co",
    choice: choiceOf("90"),
    draft: toDraft(permissions),
  };
  const { draft, ...rest } = parse(formatStart(start));
  assert.deepEqual(rest, {
    name: "ci",
    description: "a\nb 🙂",
    owner: "team&co",
    choice: start.choice,
    isFilled: true,
  });
  assert.deepEqual(toPermissions(draft), permissions);
});

test("an address with anything else in it fills in nothing", () => {
  for (const text of ["{", "null", "[]", '{"type":"x"}', '{"type":"specific","grants":7}']) {
    assert.deepEqual(parse(`#/generate?permissions=${encodeURIComponent(text)}`).draft, EMPTY, text);
  }
  const grants = [null, {}, { resource: 7 }, { resource: "routes", paths: [7] }, "routes"];
  const text = encodeURIComponent(JSON.stringify({ type: "specific", grants }));
  assert.deepEqual(parse(`#/generate?permissions=${text}`).draft, EMPTY);
});

test("an expiration of an address is a preset, a number of days, never, or a time", () => {
  assert.equal(choiceOf("never").kind, "never");
  assert.equal(choiceOf("2030-01-01T10:00").custom, "2030-01-01T10:00");
  assert.equal(choiceOf("365").kind, "custom");
  for (const text of [null, "soon", ""]) assert.equal(choiceOf(text).kind, "30");
});

test("a token is found in what was pasted", () => {
  const token = "twd_abc_def";
  for (const text of [token, ` ${token}\n`, `Bearer ${token}`, `authorization: BEARER ${token}`, `"${token}"`]) {
    assert.equal(pasted(text), token);
  }
  assert.equal(pasted("twd_a\u200bbc_\r\n  def\ufeff"), token);
});
