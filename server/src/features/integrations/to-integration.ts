import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { TargetField } from "@rollcall/core/mapping/mapping-schema.ts";
import { shownRuns } from "../schedules/next-runs.ts";
import { type IntegrationRow, settingsOf } from "./integration-row.ts";
import { launchChecklist } from "./launch-checklist.ts";

/** An integration with its latest and its next run. */
export type ShownIntegrationRow = IntegrationRow & {
  readonly lastRunId: string | null;
  readonly lastRunStatus: string | null;
  readonly lastRunFinishedAt: Date | null;
  readonly nextRunAt: Date | null;
};

type Shown = {
  readonly row: ShownIntegrationRow;
  readonly manifest: Manifest | undefined;
  readonly targetFields: readonly TargetField[];
  readonly now: Date;
};

/** The integration document of the API. */
export function toIntegration({ row, manifest, targetFields, now }: Shown): Integration {
  const runs = row.status === "active" ? shownRuns(row.schedule, row.id, row.nextRunAt, now) : [];
  return {
    id: row.id,
    ...settingsOf(row),
    status: row.status,
    softwareOutcome: row.softwareOutcome,
    revision: row.revision,
    launchChecklist: launchChecklist({ row, manifest, targetFields, now }),
    lastTest: row.lastTest === null ? null : withoutSubject(row.lastTest),
    lastRun: lastRunOf(row),
    lastCompleteRunAt: row.lastCompleteStartedAt?.toISOString() ?? null,
    nextRunAt: runs[0] ?? null,
    nextRuns: runs,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function lastRunOf({ lastRunId, lastRunStatus, lastRunFinishedAt }: ShownIntegrationRow): Integration["lastRun"] {
  return lastRunId === null || lastRunStatus === null
    ? null
    : { id: lastRunId, status: lastRunStatus, finishedAt: lastRunFinishedAt?.toISOString() ?? null };
}

function withoutSubject({ ok, code, message, nextStep, at }: NonNullable<IntegrationRow["lastTest"]>) {
  return { ok, code, message, nextStep, at };
}
