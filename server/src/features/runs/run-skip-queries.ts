import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import type { RunSkip } from "@rollcall/core/contract/runs.ts";
import { sql } from "kysely";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { readPage } from "../../postgres/read-page.ts";

type SkipRow = Omit<RunSkip, "at"> & { readonly at: Date };

const skipKeyset: Keyset = {
  list: "skipped-runs",
  sorts: { at: { value: sql`s.id`, type: "bigint" } },
  defaultSort: "-at",
  id: { value: sql`s.id`, type: "bigint" },
};

/** The triggers of an integration that found a run under way, the latest first. */
export async function listSkippedRuns(
  database: Database,
  integrationId: string,
  query: Omit<ListQuery, "q">,
): Promise<ListOf<RunSkip>> {
  const list = await readPage<SkipRow>(
    database,
    skipKeyset,
    { ...query, integrationId },
    {
      columns: sql`s.id, s.active_run_id as "activeRunId", s.trigger, a.name as "requestedBy", s.at`,
      from: sql`run_skip s left join account a on a.id = s.requested_by`,
      countFrom: sql`run_skip s`,
      where: [sql`s.integration_id = ${integrationId}`],
    },
  );
  return { ...list, data: list.data.map(toSkip) };
}

function toSkip({ id, activeRunId, trigger, requestedBy, at }: SkipRow): RunSkip {
  return { id, activeRunId, trigger, requestedBy, at: at.toISOString() };
}
