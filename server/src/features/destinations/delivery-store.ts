import type { Transaction } from "../../postgres/database.ts";

export type AppliedChanges = {
  readonly runId: string;
  readonly integrationId: string;
  /** `withheld`: what the guard kept back and a person has approved since. */
  readonly part: "plan" | "withheld";
};

/**
 * Queues what a run has applied for every destination that follows its integration, in the transaction that applies it. A change of
 * which only a withheld status is left has changed nothing, so that no deactivation leaves the house before it is approved.
 */
export async function queueDeliveries(
  transaction: Transaction,
  { runId, integrationId, part }: AppliedChanges,
): Promise<void> {
  const applied =
    part === "withheld"
      ? "c.withheld = 'guard'"
      : "(c.withheld is null or jsonb_typeof(c.after -> 'person') = 'object' or jsonb_typeof(c.after -> 'saas') = 'object')";
  await transaction.query(
    `insert into destination_delivery (destination_id, integration_id, run_id, change_id, person_id, saas_user_id)
     select f.destination_id, f.integration_id, c.run_id, c.id, c.person_id, c.saas_user_id
     from destination_integration f join change c on c.run_id = $1
     where f.integration_id = $2 and c.person_id is not null and ${applied}
     order by c.id`,
    [runId, integrationId],
  );
}
