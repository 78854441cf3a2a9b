import type { Runner, UpdateRunner } from "@rollcall/core/contract/runners.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { refuseUnknown, runnerNameTaken } from "./create-runner.ts";
import { runnerNotFound } from "./delete-runner.ts";
import { findRunner } from "./runner-queries.ts";
import { updateRunnerRow } from "./runner-store.ts";

/**
 * Renames a runner, or changes which integrations it may run. Its token stays.
 *
 * @throws ProductError `runner.not_found`, `runner.name_taken`, `request.invalid` for integrations that are none
 */
export async function updateRunner(
  database: Database,
  actor: Actor,
  id: string,
  change: UpdateRunner,
  now: Date,
): Promise<Runner> {
  return await inTransaction(database, async (transaction) => {
    const before = await findRunner(transaction, id, now);
    if (before === undefined) {
      throw runnerNotFound(id);
    }
    await refuseUnknown(transaction, change.integrationIds ?? []);
    if (!(await updateRunnerRow(transaction, before.id, change))) {
      throw runnerNameTaken(change.name ?? before.name);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "runner.update",
      target: "runner",
      targetId: before.id,
      details: { name: before.name, ...change, ...(change.name === undefined ? {} : { renamedFrom: before.name }) },
    });
    return (await findRunner(transaction, before.id, now)) ?? before;
  });
}
