import assert from "node:assert/strict";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { IroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { integrationSnapshot } from "../chaos/integration-snapshot.ts";
import { local, startRunner, type TestRunner } from "./start-runner.ts";

/** What happens before a run, at the vendor or to the settings, and what kind of run is asked for. */
export type Chapter = {
  readonly name: string;
  readonly vendor?: (sandbox: IroncladSandbox) => unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** Retries the failed records of the run before. */
  readonly retry?: boolean;
};

/** The same story twice, read by the server and read by a runner, on two databases; after every run both must be alike. */
export async function compareInstallations(
  sandbox: NonNullable<Parameters<typeof startTestRollcall>[0]>["sandbox"],
  settings: Readonly<Record<string, unknown>>,
  chapters: readonly Chapter[],
): Promise<void> {
  await using cloud = await startTestRollcall({ ...(sandbox && { sandbox }) });
  await using here = await startTestRollcall({ ...(sandbox && { sandbox }) });
  await using runner = await startRunner(here);
  const inCloud = await cloud.launch({ ...settings, name: "Same" });
  const locally = await here.launch({ ...settings, name: "Same", ...local });
  let before: Run | undefined;
  for (const chapter of chapters) {
    const [expected, found] = await Promise.all([
      live(cloud, inCloud, chapter, before, null),
      live(here, locally, chapter, before, runner),
    ]);
    const plain = ({ status, stage, counts, coverage, error, guard, plan }: Run) => ({
      ...{ status, stage, counts, coverage, guard, plan },
      error: error?.code ?? null,
    });
    assert.deepEqual(plain(found), plain(expected), chapter.name);
    const snapshot = (rollcall: TestRollcall, id: string) => integrationSnapshot(rollcall.database, id, "no domain");
    assert.deepEqual(await snapshot(here, locally.id), await snapshot(cloud, inCloud.id), chapter.name);
    before = found;
  }
}

async function live(
  rollcall: TestRollcall,
  integration: Integration,
  { vendor, settings, body, retry }: Chapter,
  before: Run | undefined,
  runner: TestRunner | null,
): Promise<Run> {
  await vendor?.(rollcall.sandbox);
  if (settings !== undefined) await must(rollcall.api("PATCH", `/integrations/${integration.id}`, settings));
  const last = before === undefined ? undefined : (await lastRun(rollcall, integration.id)).id;
  const path = retry === true ? `/runs/${last}/retry-failed` : `/integrations/${integration.id}/runs`;
  const { id } = await must(rollcall.api<Run>("POST", path, body));
  if (runner !== null) {
    const reports = await runner.readAll();
    assert.deepEqual(
      reports.map(({ runId, outcome }) => [runId, outcome]),
      [[id, "read"]],
      JSON.stringify(reports),
    );
  }
  return await rollcall.waitFor(id);
}

async function lastRun(rollcall: TestRollcall, integrationId: string): Promise<Run> {
  const { data } = await must(rollcall.api<{ data: Run[] }>("GET", `/runs?integrationId=${integrationId}&limit=1`));
  const [run] = data;
  assert.ok(run);
  return run;
}
