import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manifestSchema } from "@rollcall/core/connector/manifest.ts";
import { smallestManifest } from "@rollcall/core/connector/manifest-examples.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { AskVendor } from "./fetch-listing.ts";
import { newReadCheckpoint, type ReadCheckpoint } from "./read-checkpoint.ts";
import { type ReadOptions, readStreams } from "./read-streams.ts";

const manifest = manifestSchema.parse({
  ...smallestManifest,
  streams: { groups: { ...smallestManifest.streams.users, label: "Groups" }, users: smallestManifest.streams.users },
});

function anOptions(ask: AskVendor, checkpoint: ReadCheckpoint): ReadOptions {
  const stream = { mayBeEmpty: false, parent: null };
  return {
    manifest,
    inputs: { baseUrl: "https://api.example.com", perPage: 10 },
    plan: [
      { ...stream, name: "groups", primary: false },
      { ...stream, name: "users", primary: true },
    ],
    maxPages: 10,
    checkpoint,
    ask,
    concurrent: 2,
    signal: new AbortController().signal,
  };
}

describe("reading streams", () => {
  test("C12 at the end of a stream the checkpoint holds what was taken, and nothing of the next stream", async () => {
    const checkpoint = newReadCheckpoint();
    const known: (readonly string[])[] = [];
    const ask: AskVendor = async () => ({ status: 200, body: { users: [{ id: "1" }], more: false } });
    const streamEnded = async () => void known.push(Object.keys(checkpoint.streams));
    const read = await Array.fromAsync(readStreams({ ...anOptions(ask, checkpoint), streamEnded }));
    assert.deepEqual(
      read.map(({ stream }) => stream),
      ["groups", "users"],
    );
    assert.deepEqual(known, [["groups"], ["groups", "users"]]);
  });

  test("C16 trouble with our own database stops the reading and is no gap in the vendor's list", async () => {
    const fails = (code: "database.unreachable" | "vendor.unavailable"): AskVendor => {
      return async () => {
        throw new ProductError(code, "no answer");
      };
    };
    const read = (ask: AskVendor) => Array.fromAsync(readStreams(anOptions(ask, newReadCheckpoint())));
    await assert.rejects(read(fails("database.unreachable")), /no answer/);
    assert.deepEqual(
      (await read(fails("vendor.unavailable"))).map(({ failure }) => failure?.code),
      ["vendor.unavailable", "vendor.unavailable"],
    );
  });
});
