import type { Transaction } from "../../postgres/database.ts";
import type { StageTables } from "../stage-tables.ts";

/**
 * Link bookkeeping of records that did not change: a new content hash with the same effect, and the count of complete runs
 * that missed a link. Touches no row when there is nothing to settle.
 */
export async function settleLinks(
  transaction: Transaction,
  integrationId: string,
  tables: StageTables,
  absence: { readonly counts: boolean; readonly confirmRuns: number },
): Promise<void> {
  await transaction.query(
    `update link l set content_hash = c.hash, missing_runs = 0
     from ${tables.plan} c
     where c.kind = 'silent' and l.integration_id = $1 and l.vendor_key = c.key
       and (l.content_hash is distinct from c.hash or l.missing_runs > 0)`,
    [integrationId],
  );
  await transaction.query(
    `update link l set missing_runs = 0
     from ${tables.record} s
     where l.integration_id = $1 and l.vendor_key = s.key and l.missing_runs > 0`,
    [integrationId],
  );
  if (!absence.counts || absence.confirmRuns <= 1) return;
  await transaction.query(
    `update link l set missing_runs = l.missing_runs + 1
     where l.integration_id = $1 and l.active and l.missing_runs + 1 < $2
       and not exists (select 1 from ${tables.record} s where s.key = l.vendor_key)`,
    [integrationId, absence.confirmRuns],
  );
}
