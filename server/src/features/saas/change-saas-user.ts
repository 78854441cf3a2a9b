import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { isBigint, isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { recordHandChange } from "../people/record-hand-change.ts";
import { lockSaasUser, type SaasUserStatus, updateSaasUserStatus } from "./saas-user-store.ts";

/**
 * Sets the status of a SaaS user by hand; no run changes it back. The same status again writes nothing.
 *
 * @throws ProductError `saas_user.not_found`
 */
export async function changeSaasUserStatus(
  database: Database,
  actor: Actor,
  softwareId: string,
  userId: string,
  status: SaasUserStatus["status"],
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const user =
      isUuid(softwareId) && isBigint(userId) ? await lockSaasUser(transaction, softwareId, userId) : undefined;
    if (user === undefined) {
      throw saasUserNotFound(userId);
    }
    if (user.status.status === status) {
      return;
    }
    const after: SaasUserStatus = {
      status,
      by: "person",
      reason: status === "deactivated" ? "by hand" : null,
      runId: null,
      archived: false,
    };
    await updateSaasUserStatus(transaction, userId, after);
    await recordHandChange(transaction, {
      actorId: actor.accountId,
      kind: "edit",
      personId: user.personId,
      saasUserId: userId,
      before: { saasStatus: user.status },
      after: { saasStatus: after },
    });
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "saas_user.update",
      target: "saas_user",
      targetId: userId,
      details: { status },
    });
  });
}

export function saasUserNotFound(id: string): ProductError {
  return new ProductError("saas_user.not_found", `The application has no user ${id}.`);
}
