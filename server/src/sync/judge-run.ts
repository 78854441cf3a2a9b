import { describeGap, gapTable } from "@rollcall/core/connector/gaps.ts";
import { type Coverage, judgeCoverage } from "@rollcall/core/connector/judge-coverage.ts";
import { inputValue } from "@rollcall/core/connector/resolve-request.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { type ErrorCode, errorTable, ProductError } from "@rollcall/core/errors.ts";
import { streamReports } from "@rollcall/vendor-http/reading-progress.ts";
import { one } from "../postgres/query.ts";
import { duplicateRows } from "./fetch-into-stage.ts";
import type { RunCheckpoint } from "./run-checkpoint.ts";
import type { RunContext } from "./run-context.ts";

export type JudgedRun = {
  readonly coverage: Coverage;
  readonly knownActive: number;
  /** The integration has never had a link: a vendor without users is then empty, not suspicious. */
  readonly everHadUsers: boolean;
};

/**
 * Decides from the evidence of every listing whether the run saw everybody.
 *
 * @throws ProductError with the vendor's code when not even one page of users could be read: there is nothing to apply
 */
export async function judgeRun(context: RunContext, checkpoint: RunCheckpoint): Promise<JudgedRun> {
  const { database, tables, settings, manifest, streams } = context;
  const known = await one<{ knownActive: number; everHadUsers: boolean }>(
    database,
    `select (select count(*)::integer from link where integration_id = $1 and active) as "knownActive",
            exists (select 1 from link where integration_id = $1) as "everHadUsers"`,
    [settings.integrationId],
  );
  const coverage = judgeCoverage({
    streams: streamReports(streams, checkpoint.reading, await duplicateRows(database, tables)),
    knownActive: known.knownActive,
    expectEmpty: manifest.expectEmpty !== undefined && inputValue(manifest.expectEmpty, settings.inputs) === true,
    cancelled: false,
  });
  const failure = whyNothingWasRead(context, checkpoint, coverage);
  if (failure !== null) throw failure;
  return { coverage, ...known };
}

/** The coverage as a run's document shows it. */
export function coverageDocument(coverage: Coverage): NonNullable<Run["coverage"]> {
  if (coverage.kind === "complete") return { complete: true, gaps: [] };
  return {
    complete: false,
    gaps: coverage.gaps.map((gap) => ({
      code: gap.code,
      detail: describeGap(gap),
      nextStep: gapTable[gap.code].nextStep,
    })),
  };
}

function whyNothingWasRead(context: RunContext, checkpoint: RunCheckpoint, coverage: Coverage): ProductError | null {
  const primary = context.streams.find((stream) => stream.primary)?.name ?? "";
  const read = (checkpoint.reading.streams[primary]?.listings ?? []).some((listing) => listing.state.pages > 0);
  if (read || coverage.kind === "complete") return null;
  for (const gap of coverage.gaps) {
    const code = gap.code === "list.missing" ? "vendor.bad_response" : gap.detail.code;
    if (typeof code === "string" && Object.hasOwn(errorTable, code)) {
      const known = code as ErrorCode;
      return new ProductError(known, `${context.manifest.name}: ${describeGap(gap)} ${errorTable[known].meaning}`);
    }
  }
  return null;
}
