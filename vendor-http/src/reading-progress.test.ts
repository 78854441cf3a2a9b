import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manifestSchema } from "@rollcall/core/connector/manifest.ts";
import { smallestManifest } from "@rollcall/core/connector/manifest-examples.ts";
import { failPage } from "./fetch-listing.ts";
import { newReadCheckpoint, parseReadCheckpoint, type ReadCheckpoint } from "./read-checkpoint.ts";
import { addParents, nextListing, type ReadScope, restartStreams } from "./reading-progress.ts";

const wantsTeams = { from: "inputs.teams" };
const manifest = manifestSchema.parse({
  ...smallestManifest,
  streams: {
    teams: { ...smallestManifest.streams.users, label: "Teams" },
    users: {
      ...smallestManifest.streams.users,
      request: { path: ["teams", { from: "parent" }, "users"] },
      forEach: { stream: "teams", value: "/id", everyOneOf: wantsTeams },
    },
  },
});

function aScope(checkpoint: ReadCheckpoint = newReadCheckpoint(), teams: readonly string[] | null = null): ReadScope {
  const stream = { mayBeEmpty: false };
  return {
    manifest,
    inputs: { baseUrl: "https://api.example.com", perPage: 10, teams },
    plan: [
      { ...stream, name: "teams", primary: false, parent: null },
      { ...stream, name: "users", primary: true, parent: "teams" },
    ],
    maxPages: 100,
    checkpoint,
  };
}

/** The listing that is due ends. */
function endListing(scope: ReadScope): string {
  const open = nextListing(scope);
  assert.ok(open);
  open.listing.state = failPage(open.listing.state, "vendor.unavailable");
  return `${open.plan.name} ${open.listing.parent ?? ""} ${open.listing.number}`;
}

describe("the progress of a reading", () => {
  test("goes through parents, then their children, under numbers of their own", () => {
    const scope = aScope();
    assert.equal(endListing(scope), "teams  0");
    addParents(scope, { users: { values: ["a", "b"], unreadable: 0 } });
    addParents(scope, { users: { values: ["b", "c"], unreadable: 2 } });
    assert.deepEqual(
      [endListing(scope), endListing(scope), endListing(scope)],
      ["users a 1", "users b 2", "users c 3"],
    );
    assert.equal(nextListing(scope), null);
    assert.equal(scope.checkpoint.streams.users?.unreadableParents, 2);
  });

  test("counts a parent that was asked for and not found once, however often it is looked at or read back", () => {
    const scope = aScope(newReadCheckpoint(), ["a", "z"]);
    endListing(scope);
    assert.equal(nextListing(scope), null);
    assert.equal(nextListing(scope), null);
    const stored = parseReadCheckpoint(JSON.parse(JSON.stringify(scope.checkpoint)));
    assert.equal(nextListing(aScope(stored, ["a", "z"])), null);
    assert.equal(stored.streams.users?.unreadableParents, 2);
  });

  test("begins streams anew under the same numbers, and goes on where it was", () => {
    const scope = aScope();
    endListing(scope);
    addParents(scope, { users: { values: ["a"], unreadable: 0 } });
    assert.equal(nextListing(scope)?.plan.name, "users");
    restartStreams(scope, ["teams"]);
    assert.equal(endListing(scope), "teams  0");
    assert.equal(endListing(scope), "users a 1");
  });
});
