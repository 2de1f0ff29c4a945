import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfList, type ListState, parseAddress, WHOLE_LIST } from "../src/address";

test("parsing the address of a list returns the state of the list", () => {
  const states: ListState[] = [
    WHOLE_LIST,
    { search: "a&b=c #1", show: "soon", sort: "expires", isDescending: true, page: 3 },
    { ...WHOLE_LIST, isDescending: true },
  ];
  for (const list of states) assert.deepEqual(parseAddress(addressOfList(list)), { page: "list", list });
  assert.equal(addressOfList(WHOLE_LIST), "#/");
});

test("an unknown address opens the whole list", () => {
  for (const address of ["", "#/", "#/nothing", "#/?show=all&sort=-color&page=x", "#/?page=-1", "#/tokens/a-b"]) {
    assert.deepEqual(parseAddress(address), { page: "list", list: WHOLE_LIST }, address);
  }
});

test("the page of a token and the form of a new token have addresses", () => {
  assert.deepEqual(parseAddress("#/tokens/4GkTz0a9QmW1xB7c"), { page: "token", id: "4GkTz0a9QmW1xB7c" });
  const place = parseAddress("#/generate?name=a?b");
  assert.equal(place.page === "generate" && place.start.get("name"), "a?b");
});
