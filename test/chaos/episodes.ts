import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { aUser } from "@rollcall/server/test/vendor-world.ts";
import type { Episode } from "./life.ts";

/** A life up to the run that is disturbed. */
export type Story = { readonly past: readonly Episode[]; readonly episode: Episode };

const firstRun: Episode = {};

export const newcomer: Story = { past: [], episode: firstRun };

const someLeave: Episode = {
  before: ({ sandbox }) => sandbox.removeUsers({ ids: [10, 11, 12] }),
};

/** People come, change, go and come back, all in one run. */
const muchChanges: Episode = {
  before: ({ sandbox }) => {
    const domain = String(sandbox.users({ limit: 1 })[0]?.email).split("@")[1] ?? "";
    sandbox.removeUsers({ ids: [20, 21, 22, 23, 24] });
    sandbox.restoreUsers([10, 11]);
    for (const id of [30, 31, 32]) sandbox.changeUser(id, { set: { name: `Renamed ${id}` } });
    // Two swap their addresses, and one loses theirs, which cannot be written.
    sandbox.changeUser(40, { set: { email: `user41@${domain}` } });
    sandbox.changeUser(41, { set: { email: `user40@${domain}` } });
    sandbox.changeUser(50, { set: { email: null } });
    sandbox.setMembership(11, 33, "admin");
    sandbox.addUsers([100_001, 100_002, 100_003].map((id) => aUser(domain, id)));
  },
};

export const changedVendor: Story = { past: [firstRun, someLeave], episode: muchChanges };

/** More leave than the guard lets go. */
const tooManyLeave: Episode = {
  before: async (vendor) => {
    await vendor.set({ guard: { enabled: true } });
    vendor.sandbox.removeUsers({ ids: Array.from({ length: 60 }, (_, index) => 40 + index) });
    vendor.sandbox.changeUser(30, { set: { name: "Renamed" } });
  },
};

export const withReview: Story = { past: [firstRun], episode: tooManyLeave };

export const undoLast: Story = {
  past: [firstRun, someLeave, muchChanges],
  episode: {
    start: async (rollcall, previous) => (await must(rollcall.api<Run>("POST", `/runs/${previous.at(-1)}/undo`))).id,
  },
};
