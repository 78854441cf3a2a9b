import type { IroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import type { Chapter } from "./compare-installations.ts";

/** The life of an integration: first run, nothing new, a filter, people who leave, pages that fail, a preview, and records retried. */
export const story: readonly Chapter[] = [
  { name: "first run" },
  { name: "nothing changed" },
  {
    name: "a preview with a filter",
    settings: {
      filter: {
        mode: "if",
        rules: {
          all: [
            { field: "locale", operator: "not-empty" },
            { field: "email", operator: "not-contains", value: "7" },
          ],
        },
        restoreArchived: false,
      },
    },
    body: { dryRun: true },
  },
  { name: "with the filter", vendor: (sandbox) => sandbox.changeUser(firstId(sandbox), { set: { name: "Renamed" } }) },
  { name: "some leave", vendor: (sandbox) => sandbox.removeUsers({ count: 3, from: "end" }) },
  {
    name: "a site cannot be read",
    settings: { filter: { mode: "always", rules: null, restoreArchived: false } },
    vendor: (sandbox) =>
      sandbox.addFaults([{ call: "memberships", site: 11, count: "always", fault: { kind: "status", status: 500 } }]),
  },
  {
    name: "a record does not fit, others have no key, rows come twice",
    vendor: (sandbox) => {
      sandbox.clearFaults();
      sandbox.changeUser(firstId(sandbox), { set: { email: null, verified_time: "soon" } });
      sandbox.addFaults([
        { call: "members", page: 2, fault: { kind: "keyless-rows", rows: 2 } },
        { call: "memberships", page: 1, fault: { kind: "duplicate-rows", rows: 3 } },
        { call: "memberships", page: 2, fault: { kind: "keyless-rows", rows: 1, key: "user" } },
      ]);
    },
  },
  {
    name: "the failed record again, corrected",
    vendor: (sandbox) => sandbox.changeUser(firstId(sandbox), { set: { email: "corrected@example.com" } }),
    retry: true,
  },
  {
    name: "the last pages fail",
    vendor: (sandbox) =>
      sandbox.addFaults([{ call: "members", fromPage: 3, count: "always", fault: { kind: "status", status: 503 } }]),
  },
  {
    name: "the credential is refused",
    vendor: (sandbox) => {
      sandbox.clearFaults();
      sandbox.addFaults([{ call: "sites", count: "always", fault: { kind: "status", status: 401 } }]);
    },
  },
  { name: "all is well again", vendor: (sandbox) => sandbox.clearFaults() },
];

function firstId(sandbox: IroncladSandbox): number {
  return Number(sandbox.users({ limit: 1 })[0]?.id);
}
