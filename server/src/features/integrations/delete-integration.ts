import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { refuseWrongState, type StatusChange } from "./change-status.ts";
import { refuseOtherRevision } from "./expected-revision.ts";
import { lockedIntegration } from "./find-integration.ts";
import { hasRuns } from "./integration-queries.ts";
import { deleteIntegrationRow } from "./integration-store.ts";

/**
 * Deletes a draft or archived integration that never ran. One that ran is history, and explains where values came from: it
 * can be archived, and then stays.
 *
 * @throws ProductError `integration.not_found`, `integration.changed`, `integration.wrong_state`, `integration.has_history`
 */
export async function deleteIntegration(transaction: Transaction, change: StatusChange): Promise<void> {
  const before = await lockedIntegration(transaction, change.id);
  refuseOtherRevision(before, change.expected);
  if (await hasRuns(transaction, before.id)) {
    const step =
      before.status === "archived" ? "It is archived, and stays as history" : "Archive it in place of deleting it";
    throw new ProductError(
      "integration.has_history",
      `Integration ${before.name} has runs, so its history is kept. ${step}.`,
    );
  }
  refuseWrongState(before, "deleted", ["draft", "archived"]);
  await deleteIntegrationRow(transaction, before);
  await recordAudit(transaction, {
    actorId: change.actorId,
    action: "integration.delete",
    target: "integration",
    targetId: before.id,
    details: { name: before.name, connector: before.connector },
  });
}
