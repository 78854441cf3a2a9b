import type { CreateRunner, Runner } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Queryable } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { hashSecret, newSecret } from "../access/session-secret.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findRunner, findUnknownIntegrations } from "./runner-queries.ts";
import { insertRunner } from "./runner-store.ts";

const codeMilliseconds = 15 * 60_000;

/**
 * Makes a runner with a code, which is kept nowhere; a machine exchanges it for its token.
 *
 * @throws ProductError `runner.name_taken`, `request.invalid` for integrations that are none
 */
export async function createRunner(
  database: Database,
  actor: Actor,
  { name, integrationIds }: CreateRunner,
  now: Date,
): Promise<Runner & { readonly code: string }> {
  const code = newSecret();
  return await inTransaction(database, async (transaction) => {
    await refuseUnknown(transaction, integrationIds ?? []);
    const codeExpiresAt = new Date(now.getTime() + codeMilliseconds);
    const id = await insertRunner(transaction, {
      name,
      integrationIds,
      codeHash: hashSecret(code),
      codeExpiresAt,
      createdBy: actor.accountId,
    });
    const created = id === undefined ? undefined : await findRunner(transaction, id, now);
    if (created === undefined) {
      throw runnerNameTaken(name);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "runner.create",
      target: "runner",
      targetId: created.id,
      details: { name, integrationIds },
    });
    return { ...created, code };
  });
}

export function runnerNameTaken(name: string): ProductError {
  return new ProductError("runner.name_taken", `Another runner is called "${name}". Choose another name.`, {
    problems: [{ pointer: "/name", message: "belongs to another runner" }],
  });
}

/** @throws ProductError `request.invalid` for integrations that are none */
export async function refuseUnknown(on: Queryable, given: readonly string[]): Promise<void> {
  const unknown = await findUnknownIntegrations(on, given);
  if (unknown.length === 0) {
    return;
  }
  const wrong = new Set(unknown);
  throw new ProductError("request.invalid", `The field /integrationIds names what is no integration.`, {
    problems: given.flatMap((id, index) =>
      wrong.has(id.toLowerCase())
        ? [{ pointer: `/integrationIds/${index}`, message: "must be the id of an integration" }]
        : [],
    ),
  });
}
