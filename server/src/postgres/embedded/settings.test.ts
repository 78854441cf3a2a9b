import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedMegabytes } from "./settings.ts";

test("PostgreSQL shares an eighth of the memory, within limits", () => {
  const gigabyte = 2 ** 30;
  assert.deepEqual(
    [0.5, 2, 4, 64].map((size) => sharedMegabytes(size * gigabyte)),
    [128, 256, 512, 2_048],
  );
  // Node.js says so where nothing limits the process.
  assert.equal(sharedMegabytes(Math.min(4 * gigabyte, 2 ** 64)), 512);
});
