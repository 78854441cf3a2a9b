import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { hashSecret, newSecret } from "../access/session-secret.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { takeCode } from "./runner-store.ts";

/** Runners' tokens begin with it, so that they are not looked for among the others. */
export const runnerTokenPrefix = "rr_";

/**
 * Exchanges a code for the runner's token, of which only a hash is kept.
 *
 * @throws ProductError `runner.code_invalid`
 */
export async function enrollRunner(
  database: Database,
  { code, version }: { readonly code: string; readonly version: string },
  from: { readonly address: string; readonly now: Date },
): Promise<{ readonly id: string; readonly name: string; readonly token: string }> {
  const token = `${runnerTokenPrefix}${newSecret()}`;
  return await inTransaction(database, async (transaction) => {
    const runner = await takeCode(transaction, hashSecret(code), { hash: hashSecret(token), version, now: from.now });
    if (runner === undefined) {
      throw new ProductError(
        "runner.code_invalid",
        "The code is wrong, was used, or has expired. Ask an administrator to create the runner anew.",
      );
    }
    const { id, name, createdBy } = runner;
    // Whoever made the code answers for who used it.
    await recordAudit(transaction, {
      actorId: createdBy,
      action: "runner.enroll",
      target: "runner",
      targetId: id,
      details: { name, version, address: from.address },
    });
    return { id, name, token };
  });
}
