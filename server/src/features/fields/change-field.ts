import type { CreateField, Field, UpdateField } from "@rollcall/core/contract/fields.ts";
import { type FieldProblem, ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { fieldNameOf, reservedFieldNames } from "./field-name.ts";
import { findField } from "./field-queries.ts";
import { insertField, lockField, updateFieldRow } from "./field-store.ts";

/** @throws ProductError `field.name_taken`, `request.invalid` */
export async function createField(database: Database, actor: Actor, field: CreateField): Promise<Field> {
  const name = field.name ?? fieldNameOf(field.label);
  if (name === null) {
    throw refused("/name", "is required, since no name can be made from the label");
  }
  if (reservedFieldNames.has(name)) {
    throw refused("/name", `must not be ${name}, which means something else in the API`);
  }
  refuseChoices(field.type, field.choices);
  return await inTransaction(database, async (transaction) => {
    const id = await insertField(transaction, { ...field, name });
    if (id === undefined) {
      throw new ProductError("field.name_taken", `There is a field ${name} already. Choose another name.`, {
        problems: [
          { pointer: field.name === undefined ? "/label" : "/name", message: `gives the name ${name}, which is taken` },
        ],
      });
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "field.create",
      target: "field",
      targetId: id,
      details: { ...field, name },
    });
    return await existing(transaction, id);
  });
}

/** @throws ProductError `field.not_found`, `field.built_in`, `request.invalid` */
export async function changeField(database: Database, actor: Actor, id: string, change: UpdateField): Promise<Field> {
  return await inTransaction(database, async (transaction) => {
    const { name, type, builtIn } = await existing(transaction, id);
    await lockField(transaction, id);
    refuseBuiltIn(name, builtIn, change);
    refuseChoices(type, change.choices);
    await updateFieldRow(transaction, id, change);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "field.update",
      target: "field",
      targetId: id,
      details: { ...change },
    });
    return await existing(transaction, id);
  });
}

function refuseBuiltIn(name: string, builtIn: boolean, change: UpdateField): void {
  const refusedKeys = Object.keys(change).filter((key) => key !== "help");
  if (builtIn && refusedKeys.length > 0) {
    throw new ProductError(
      "field.built_in",
      `${name} is a built-in field, of which only the help text can be changed.`,
      {
        problems: refusedKeys.map((key) => ({ pointer: `/${key}`, message: "cannot be changed for a built-in field" })),
      },
    );
  }
}

function refuseChoices(type: Field["type"], choices: Field["choices"] | undefined): void {
  if (choices === undefined || choices === null) {
    return;
  }
  if (type !== "choice") {
    throw refused("/choices", "must be absent: only a field of the type choice has them");
  }
  if (new Set(choices.map((choice) => choice.trim())).size < choices.length) {
    throw refused("/choices", "must not hold the same choice twice");
  }
}

function refused(pointer: string, message: string): ProductError {
  const problems: readonly FieldProblem[] = [{ pointer, message }];
  return new ProductError("request.invalid", `The field ${pointer} ${message}.`, { problems });
}

async function existing(transaction: Transaction, id: string): Promise<Field> {
  const field = await findField(transaction, id);
  if (field === undefined) {
    throw fieldNotFound(id);
  }
  return field;
}

export function fieldNotFound(id: string): ProductError {
  return new ProductError("field.not_found", `There is no field ${id}.`);
}
