import type { Database } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";

export type BrokenRun = {
  readonly runId: string;
  readonly integrationId: string;
  /** `change`: a row's content no longer gives its digest; `chain`: a row was added or removed, or an earlier run changed. */
  readonly broken: "change" | "chain";
};

export type BrokenEdit = { readonly changeId: string; readonly personId: string | null };

export type BrokenHistory = { readonly runs: readonly BrokenRun[]; readonly edits: readonly BrokenEdit[] };

/**
 * Computes every digest and every run's chain anew and compares them with what was sealed when they were written. Of a run, an
 * edited, added or deleted change shows, and a chain that was sealed over another one; of what was done by hand, an edited change.
 *
 * @returns what no longer fits, oldest first; nothing when history is as it was written
 */
export async function verifyHistory(database: Database): Promise<BrokenHistory> {
  return { runs: await brokenRuns(database), edits: await brokenEdits(database) };
}

async function brokenEdits(database: Database): Promise<readonly BrokenEdit[]> {
  return rows<BrokenEdit>(
    database,
    `select c.id as "changeId", c.person_id as "personId" from change c
     where c.run_id is null and c.hash <> ${digest("c")} order by c.id`,
  );
}

async function brokenRuns(database: Database): Promise<readonly BrokenRun[]> {
  return rows<BrokenRun>(
    database,
    `with sealed as (
       select r.id, r.integration_id, r.applied_at, r.chain_previous, r.chain_hash,
              count(*) over (partition by r.integration_id, r.chain_previous) as followers,
              r.chain_previous = decode(repeat('00', 32), 'hex') or exists (
                select 1 from run p where p.integration_id = r.integration_id and p.chain_hash = r.chain_previous) as hangs,
              c.digests, coalesce(c.edited, false) as edited
       from run r
       left join lateral (
         select string_agg(x.hash, ''::bytea order by x.id) as digests,
                bool_or(x.hash <> ${digest("x")}) as edited
         from change x where x.run_id = r.id) c on true
       where r.chain_hash is not null)
     select id as "runId", integration_id as "integrationId", case when edited then 'change' else 'chain' end as broken
     from sealed
     where edited
        or chain_hash <> sha256(chain_previous || coalesce(digests, ''))
        or not hangs
        or followers > 1
     order by applied_at, id`,
  );
}

function digest(change: string): string {
  const parts = "run_id kind vendor_key person_id saas_user_id before after reason withheld actor_id";
  return `change_digest(${parts.split(" ").map((part) => `${change}.${part}`)})`;
}
