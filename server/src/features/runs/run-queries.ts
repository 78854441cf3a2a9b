import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { listRunsQuerySchema, Run } from "@rollcall/core/contract/runs.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";
import { type NamedRunRow, runDocument } from "./run-document.ts";
import { runColumns } from "./run-row.ts";

const namedColumns = `${runColumns}, integration.name as "integrationName", asker.name as "requestedByName",
  decider.name as "decidedByName", runner.name as "runnerName"`;

const namedRuns = `run join integration on integration.id = run.integration_id
  left join account asker on asker.id = run.requested_by
  left join account decider on decider.id = run.decided_by
  left join runner on runner.id = run.runner_id`;

/** A run's id begins with the time at which it was made, so that order by id is order by time. */
const runKeyset: Keyset = {
  list: "runs",
  sorts: { queuedAt: { value: sql`run.id`, type: "uuid" } },
  defaultSort: "-queuedAt",
  id: { value: sql`run.id`, type: "uuid" },
};

/** One run at `now`; undefined for an id that is nobody's. */
export async function findRun(on: Queryable, runId: string, now: Date): Promise<Run | undefined> {
  if (!isUuid(runId)) {
    return undefined;
  }
  const row = await maybeOne<NamedRunRow>(on, `select ${namedColumns} from ${namedRuns} where run.id = $1`, [runId]);
  return row === undefined ? undefined : runDocument(row, now);
}

/** Runs, the latest first unless asked otherwise; `q` looks into the integration's name. */
export async function listRuns(
  database: Database,
  query: z.infer<typeof listRunsQuerySchema>,
  now: Date,
): Promise<ListOf<Run>> {
  const { integrationId, status, q } = query;
  const pattern = containsPattern(q);
  const list = await readPage<NamedRunRow>(database, runKeyset, query, {
    columns: sql.raw(namedColumns),
    from: sql.raw(namedRuns),
    countFrom: sql`run join integration on integration.id = run.integration_id`,
    where: [
      ...(integrationId === undefined ? [] : [sql`run.integration_id = ${integrationId}`]),
      ...(status === undefined ? [] : [sql`run.status = ${status}`]),
      ...(pattern === null ? [] : [sql`integration.name ilike ${pattern}`]),
    ],
  });
  return { ...list, data: list.data.map((row) => runDocument(row, now)) };
}

export type IntegrationState = {
  readonly name: string;
  readonly status: "draft" | "active" | "paused" | "archived";
  readonly revision: number;
};

/** What decides whether an integration may run; undefined for an id that is nobody's. */
export async function findIntegrationState(on: Queryable, id: string): Promise<IntegrationState | undefined> {
  if (!isUuid(id)) {
    return undefined;
  }
  return await maybeOne<IntegrationState>(on, "select name, status, revision from integration where id = $1", [id]);
}

/** The waiting or running run of an integration. */
export async function findActiveRunId(on: Queryable, integrationId: string): Promise<string | undefined> {
  const row = await maybeOne<{ id: string }>(
    on,
    "select id from run where integration_id = $1 and status in ('queued', 'running')",
    [integrationId],
  );
  return row?.id;
}

/** The keys of the records that a run rejected or disputed, each once. */
export async function findFailedKeys(on: Queryable, runId: string): Promise<readonly string[]> {
  const found = await rows<{ key: string }>(
    on,
    `select distinct vendor_key as key from run_error
     where run_id = $1 and kind in ('rejected', 'disputed') and vendor_key is not null order by vendor_key`,
    [runId],
  );
  return found.map(({ key }) => key);
}
