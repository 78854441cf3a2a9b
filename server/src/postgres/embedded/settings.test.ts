import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedMegabytes } from "./settings.ts";

test("PostgreSQL shares an eighth of the memory, within limits", () => {
  const gigabyte = 2 ** 30;
  assert.deepEqual(
    [0.5, 2, 4, 64].map((size) => sharedMegabytes(size * gigabyte, 0)),
    [128, 256, 512, 2_048],
  );
  assert.equal(sharedMegabytes(8 * gigabyte, 2 * gigabyte), 256);
  // What Node.js says where nothing limits the process.
  assert.equal(sharedMegabytes(4 * gigabyte, 2 ** 64), 512);
});
