import type { CreateSoftware, UpdateSoftware } from "@rollcall/core/contract/saas.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { insertSoftware, isSoftwareNameTaken, lockCatalogEntry, updateSoftwareRow } from "./software-store.ts";

/** @returns the new id; @throws ProductError `software.name_taken`, `request.invalid` */
export async function createSoftware(database: Database, actor: Actor, software: CreateSoftware): Promise<string> {
  return await inTransaction(database, async (transaction) => {
    await refuseUnknownEntry(transaction, software.catalogEntryId);
    const id = await insertSoftware(transaction, software);
    if (id === undefined) {
      throw nameTaken(software.name);
    }
    await audit(transaction, actor, "software.create", id, software);
    return id;
  });
}

/**
 * Changes a SaaS record; `catalogEntryId` links it to the software catalog, null unlinks it.
 *
 * @throws ProductError `software.not_found`, `software.name_taken`, `request.invalid`
 */
export async function changeSoftware(
  database: Database,
  actor: Actor,
  id: string,
  change: UpdateSoftware,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await refuseUnknownEntry(transaction, change.catalogEntryId);
    if (change.name !== undefined && isUuid(id) && (await isSoftwareNameTaken(transaction, change.name, id))) {
      throw nameTaken(change.name);
    }
    if (!isUuid(id) || !(await updateSoftwareRow(transaction, id, change))) {
      throw softwareNotFound(id);
    }
    await audit(transaction, actor, "software.update", id, change);
  });
}

async function refuseUnknownEntry(transaction: Transaction, id: string | null | undefined): Promise<void> {
  if (id !== null && id !== undefined && !(await lockCatalogEntry(transaction, id))) {
    const message = "must be the id of an entry of the software catalog";
    throw new ProductError("request.invalid", `The field /catalogEntryId ${message}.`, {
      problems: [{ pointer: "/catalogEntryId", message }],
    });
  }
}

async function audit(transaction: Transaction, actor: Actor, action: string, targetId: string, details: object) {
  await recordAudit(transaction, {
    actorId: actor.accountId,
    action,
    target: "software",
    targetId,
    details: { ...details },
  });
}

function nameTaken(name: string): ProductError {
  return new ProductError("software.name_taken", `Another SaaS record is called "${name}".`, {
    problems: [{ pointer: "/name", message: "belongs to another SaaS record" }],
  });
}

export function softwareNotFound(id: string): ProductError {
  return new ProductError("software.not_found", `There is no SaaS record ${id}.`);
}
