import type { Run } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Queryable } from "../../postgres/database.ts";
import { findRun } from "./run-queries.ts";

/** @throws ProductError `run.not_found` */
export async function findExistingRun(
  { database, now }: { readonly database: Queryable; readonly now: () => Date },
  runId: string,
): Promise<Run> {
  const run = await findRun(database, runId, now());
  if (run === undefined) {
    throw runNotFound(runId);
  }
  return run;
}

export function runNotFound(runId: string): ProductError {
  return new ProductError("run.not_found", `There is no run ${runId}. List the runs.`);
}
