import assert from "node:assert/strict";
import { test } from "node:test";
import { paginate } from "../src/pager";

test("every page has rows, and all pages together have each row once", () => {
  for (const count of [1, 49, 50, 51, 100, 3000]) {
    const { pages } = paginate(count, 50, 0);
    let next = 0;
    for (let page = 0; page < pages; page++) {
      const { start, end } = paginate(count, 50, page);
      assert.ok(start === next && end > start && end - start <= 50, `${count}: ${start}–${end}`);
      next = end;
    }
    assert.equal(next, count);
  }
});

test("a page number after the last page shows the last, and an empty list has one empty page", () => {
  assert.deepEqual(paginate(3, 50, 7), { page: 0, pages: 1, start: 0, end: 3 });
  assert.deepEqual(paginate(101, 50, 9), { page: 2, pages: 3, start: 100, end: 101 });
  assert.deepEqual(paginate(0, 50, 2), { page: 0, pages: 1, start: 0, end: 0 });
  assert.equal(paginate(3, 50, -1).page, 0);
});
