import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import type { Actor } from "./find-actor.ts";
import { deleteSession } from "./session-store.ts";

type How = "session.sign_out" | "session.revoke";

/**
 * Ends one of the actor's own sessions.
 *
 * @throws ProductError `session.not_found`
 */
export async function endSession(database: Database, actor: Actor, id: string, how: How): Promise<void> {
  await inTransaction(database, async (transaction) => {
    if (!isUuid(id) || !(await deleteSession(transaction, actor.accountId, id))) {
      throw new ProductError("session.not_found", `You have no session ${id}.`);
    }
    await recordAudit(transaction, { actorId: actor.accountId, action: how, target: "session", targetId: id });
  });
}
