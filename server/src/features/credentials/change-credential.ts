import type { UpdateCredential } from "@rollcall/core/contract/credentials.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { AppParts } from "../../http/app-parts.ts";
import type { Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { checkValues } from "./check-values.ts";
import { formsOf, nameTaken, refuseProblems, refuseUnknownOwner } from "./create-credential.ts";
import { listUsers } from "./credential-queries.ts";
import {
  deleteCredentialRow,
  isNameTaken,
  lockCredential,
  type StoredCredential,
  updateCredential,
} from "./credential-store.ts";
import { sealValues } from "./seal-values.ts";

type Parts = Pick<AppParts, "database" | "vault" | "connectors">;

/**
 * Changes what is given; of the values only those that are named.
 *
 * @throws ProductError `credential.not_found`, `credential.name_taken`, `request.invalid`
 */
export async function changeCredential(
  { database, vault, connectors }: Parts,
  actor: Actor,
  id: string,
  { name, values, ownerId, expiresOn }: UpdateCredential,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const stored = await lockExisting(transaction, id);
    if (name !== undefined && (await isNameTaken(transaction, name, id))) {
      throw nameTaken(name);
    }
    await refuseUnknownOwner(transaction, ownerId);
    await updateCredential(transaction, id, {
      name,
      ownerId,
      expiresOn,
      values: values === undefined ? undefined : await newValues(vault, connectors, stored, values),
    });
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "credential.update",
      target: "credential",
      targetId: id,
      details: { name, ownerId, expiresOn, values: Object.keys(values ?? {}) },
    });
  });
}

async function newValues(
  vault: Parts["vault"],
  connectors: Parts["connectors"],
  { id, kind, sealed }: StoredCredential,
  values: Readonly<Record<string, string>>,
) {
  const forms = formsOf(connectors, kind);
  refuseProblems(checkValues(forms, values, Object.keys(sealed)));
  return await sealValues(vault, id, forms, values);
}

/**
 * Deletes a credential that no integration uses.
 *
 * @throws ProductError `credential.not_found`; `credential.in_use` with the integrations
 */
export async function deleteCredential(database: Parts["database"], actor: Actor, id: string): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const { name, kind } = await lockExisting(transaction, id);
    const integrations = await listUsers(transaction, id);
    if (integrations.length > 0) {
      const names = integrations.map((integration) => `"${integration.name}"`).join(", ");
      throw new ProductError(
        "credential.in_use",
        `The credential "${name}" is used by ${names}. Give them another credential, or archive them.`,
        { details: { integrations } },
      );
    }
    await deleteCredentialRow(transaction, id);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "credential.delete",
      target: "credential",
      targetId: id,
      details: { name, kind },
    });
  });
}

async function lockExisting(transaction: Transaction, id: string): Promise<StoredCredential> {
  const stored = isUuid(id) ? await lockCredential(transaction, id) : undefined;
  if (stored === undefined) {
    throw credentialNotFound(id);
  }
  return stored;
}

export function credentialNotFound(id: string): ProductError {
  return new ProductError("credential.not_found", `There is no credential ${id}.`);
}
