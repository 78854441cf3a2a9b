import type { TestCredential, TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { AppParts } from "../../http/app-parts.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { credentialNotFound } from "./change-credential.ts";
import { findLatestUse } from "./credential-queries.ts";
import { readCredential, saveTestOutcome } from "./credential-store.ts";

/**
 * Calls the vendor with the credential and keeps what it answered. Without inputs, those of the integration made last with it.
 *
 * @throws ProductError `credential.not_found`
 */
export async function testCredential(
  { database, connectors, vendor }: Pick<AppParts, "database" | "connectors" | "vendor">,
  actor: Actor,
  id: string,
  request: TestCredential,
): Promise<TestOutcome> {
  const stored = isUuid(id) ? await readCredential(database, id) : undefined;
  if (stored === undefined) {
    throw credentialNotFound(id);
  }
  const use = await findLatestUse(database, id);
  const outcome = await vendor.testCredential({
    connector: connectors.get(stored.kind) ?? connectors.get(use?.connector ?? "") ?? null,
    kind: stored.kind,
    credentialId: id,
    inputs: request?.inputs ?? use?.inputs ?? {},
  });
  await inTransaction(database, async (transaction) => {
    await saveTestOutcome(transaction, id, outcome);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "credential.test",
      target: "credential",
      targetId: id,
      details: { ok: outcome.ok, code: outcome.code },
    });
  });
  return outcome;
}
