import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";

/** A SaaS user's status with who set it and why, in the words of a change's `saasStatus`. */
export type SaasUserStatus = {
  readonly status: "active" | "deactivated";
  readonly by: "run" | "person";
  readonly reason: string | null;
  readonly runId: string | null;
  readonly archived: boolean;
};

/** The user of an application, locked until the transaction ends. */
export async function lockSaasUser(
  transaction: Transaction,
  softwareId: string,
  id: string,
): Promise<{ readonly personId: string; readonly status: SaasUserStatus } | undefined> {
  // Runs lock the person before the seat.
  await transaction.query(
    "select 1 from person p where p.id = (select person_id from saas_user where id = $1 and software_id = $2) for key share",
    [id, softwareId],
  );
  return await maybeOne(
    transaction,
    `select u.person_id as "personId",
       jsonb_build_object('status', u.status, 'by', u.status_by, 'reason', u.deactivated_reason,
         'runId', u.deactivated_run_id, 'archived', u.archived_at is not null) as status
     from saas_user u where u.id = $1 and u.software_id = $2 and u.archived_at is null for update`,
    [id, softwareId],
  );
}

export async function updateSaasUserStatus(
  transaction: Transaction,
  id: string,
  status: SaasUserStatus,
): Promise<void> {
  await affected(
    transaction,
    `update saas_user set status = $2, status_by = $3, deactivated_reason = $4, deactivated_run_id = $5, updated_at = now()
     where id = $1`,
    [id, status.status, status.by, status.reason, status.runId],
  );
  await affected(
    transaction,
    "update link set content_hash = null where saas_user_id = $1 and content_hash is not null",
    [id],
  );
}
