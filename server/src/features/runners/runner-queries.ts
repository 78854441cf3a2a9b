import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import type { Runner, RunnerStatus } from "@rollcall/core/contract/runners.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";
import type { RunnerIdentity } from "./runner-intake.ts";

/** Whose token it is. */
export async function findRunnerByToken(on: Queryable, tokenHash: Buffer): Promise<RunnerIdentity | undefined> {
  return await maybeOne<RunnerIdentity>(
    on,
    `select id, name, all_integrations as "allIntegrations" from runner where token_hash = $1`,
    [tokenHash],
  );
}

type RunnerRow = Omit<Runner, "state" | "codeExpiresAt" | "enrolledAt" | "lastSeenAt" | "createdAt"> & {
  readonly codeExpiresAt: Date | null;
  readonly enrolledAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly createdAt: Date;
};

const runnerColumns = `runner.id, runner.name, runner.code_expires_at as "codeExpiresAt", runner.enrolled_at as "enrolledAt",
  runner.last_seen_at as "lastSeenAt", runner.version, runner.created_at as "createdAt",
  case when not runner.all_integrations then
    (select coalesce(array_agg(own.integration_id::text order by own.integration_id), '{}')
     from runner_integration own where own.runner_id = runner.id) end as "integrationIds",
  (select run.id from run where run.runner_id = runner.id and run.status = 'running' and run.stage in ('waiting', 'fetching')
   order by run.heartbeat_at desc nulls last limit 1) as "runId"`;

const runnerKeyset: Keyset = {
  list: "runners",
  sorts: {
    name: { value: sql`runner.name`, type: "text" },
    createdAt: { value: sql`runner.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`runner.id`, type: "uuid" },
};

export async function listRunners(database: Database, query: ListQuery, now: Date): Promise<ListOf<Runner>> {
  const pattern = containsPattern(query.q);
  const list = await readPage<RunnerRow>(database, runnerKeyset, query, {
    columns: sql.raw(runnerColumns),
    from: sql`runner`,
    where: pattern === null ? [] : [sql`runner.name ilike ${pattern}`],
  });
  return { ...list, data: list.data.map((row) => toRunner(row, now)) };
}

export async function findRunner(on: Queryable, id: string, now: Date): Promise<Runner | undefined> {
  const row = isUuid(id)
    ? await maybeOne<RunnerRow>(on, `select ${runnerColumns} from runner where runner.id = $1`, [id])
    : undefined;
  return row === undefined ? undefined : toRunner(row, now);
}

/** Those of `ids` that are no integrations. */
export async function findUnknownIntegrations(on: Queryable, ids: readonly string[]): Promise<readonly string[]> {
  const unknown = await rows<{ id: string }>(
    on,
    "select wanted.id::text as id from unnest($1::uuid[]) wanted (id) where not exists (select from integration where id = wanted.id)",
    [ids],
  );
  return unknown.map(({ id }) => id);
}

/** The integrations that a runner may run, with their last runs. */
export async function listOwnIntegrations(
  on: Queryable,
  runner: RunnerIdentity,
): Promise<RunnerStatus["integrations"]> {
  const found = await rows<{
    readonly id: string;
    readonly name: string;
    readonly connector: string;
    readonly status: string;
    readonly runId: string | null;
    readonly runStatus: string | null;
    readonly finishedAt: Date | null;
  }>(
    on,
    `select integration.id, integration.name, integration.connector, integration.status,
       last.id as "runId", last.status as "runStatus", last.finished_at as "finishedAt"
     from integration left join lateral (
       select run.id, run.status, run.finished_at from run
       where run.integration_id = integration.id order by run.id desc limit 1) last on true
     where integration.installation = 'local' and integration.status <> 'archived'
       and ($2 or exists (select from runner_integration own
                          where own.runner_id = $1 and own.integration_id = integration.id))
     order by integration.name limit 500`,
    [runner.id, runner.allIntegrations],
  );
  return found.map(({ runId, runStatus, finishedAt, ...integration }) => ({
    ...integration,
    lastRun:
      runId === null || runStatus === null
        ? null
        : { id: runId, status: runStatus, finishedAt: finishedAt?.toISOString() ?? null },
  }));
}

function toRunner(row: RunnerRow, now: Date): Runner {
  const { codeExpiresAt, enrolledAt, lastSeenAt, createdAt, ...facts } = row;
  const expired = codeExpiresAt !== null && codeExpiresAt <= now;
  return {
    ...facts,
    state: enrolledAt !== null ? "enrolled" : expired ? "expired" : "waiting",
    codeExpiresAt: codeExpiresAt?.toISOString() ?? null,
    enrolledAt: enrolledAt?.toISOString() ?? null,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
