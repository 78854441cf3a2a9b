import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listSequence, residueSequence } from "./residue-sequence.ts";

describe("residueSequence", () => {
  test("lists exactly the indexes of the limit that belong, in both directions", () => {
    for (const limit of [0, 1, 6, 7, 8, 20, 700]) {
      const belongs = (remainder: number) => remainder % 3 === 1 || remainder === 6;
      const expected = Array.from({ length: limit }, (_, index) => index).filter((index) => belongs(index % 7));
      const sequence = residueSequence(limit, 7, belongs);
      assert.equal(sequence.length, expected.length);
      assert.deepEqual(
        expected.map((_, k) => sequence.nth(k)),
        expected,
      );
      for (let index = 0; index < limit; index++) {
        const position = expected.indexOf(index);
        assert.equal(sequence.rank(index), position < 0 ? undefined : position);
      }
      assert.equal(sequence.rank(limit), undefined);
    }
  });

  test("has no member when nothing belongs", () => {
    const sequence = residueSequence(100, 10, () => false);
    assert.equal(sequence.length, 0);
    assert.equal(sequence.rank(5), undefined);
  });
});

test("listSequence answers from the list it was given", () => {
  const sequence = listSequence([2, 5, 9]);
  assert.deepEqual([sequence.length, sequence.nth(1), sequence.rank(9), sequence.rank(3)], [3, 5, 2, undefined]);
});
