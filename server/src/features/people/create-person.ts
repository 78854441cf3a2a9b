import type { CreatePerson } from "@rollcall/core/contract/people.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { listFields } from "../fields/field-queries.ts";
import { keepUniqueValues, naming, valuesOf } from "./edit-person.ts";
import { insertHandChange, insertPerson } from "./person-store.ts";

/**
 * Makes a person by hand and returns the id. Integrations find it by their sync keys.
 *
 * @throws ProductError `person.taken` naming the field, `request.invalid`
 */
export async function createPerson(database: Database, actor: Actor, person: CreatePerson): Promise<string> {
  const { status = "active", protected: isProtected = false } = person;
  return await inTransaction(database, async (transaction) => {
    const fields = (await listFields(transaction, "person")).data;
    const document = valuesOf(fields, person);
    const missing = fields.filter(({ mandatory, name }) => mandatory && (document[name] ?? null) === null);
    if (missing.length > 0) {
      throw new ProductError(
        "request.invalid",
        `Mandatory fields are missing: ${missing.map(({ label }) => label).join(", ")}.`,
        {
          problems: missing.map(({ name, builtIn }) => ({
            pointer: builtIn ? `/${name}` : `/attributes/${name}`,
            message: "is required",
          })),
        },
      );
    }
    const statusReason = status === "inactive" ? "by hand" : null;
    const id = await naming(() =>
      insertPerson(transaction, { document, status, statusReason, protected: isProtected, actorId: actor.accountId }),
    );
    await keepUniqueValues(transaction, id, fields, document);
    await insertHandChange(transaction, {
      actorId: actor.accountId,
      kind: "create",
      personId: id,
      saasUserId: null,
      before: { person: null },
      after: {
        person: document,
        personStatus: { status, by: "person", reason: statusReason, runId: null, archivedBy: null },
      },
    });
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "person.create",
      target: "person",
      targetId: id,
    });
    return id;
  });
}
