import type { CreateField, Field, UpdateField } from "@rollcall/core/contract/fields.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";

/** The new field's id; undefined when the name is taken. */
export async function insertField(
  transaction: Transaction,
  field: CreateField & { readonly name: string },
): Promise<string | undefined> {
  const row = await maybeOne<{ id: string }>(
    transaction,
    `insert into field_definition (entity, name, label, type, is_unique, mandatory, editable, history, help, choices)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (entity, name) do nothing returning id`,
    [
      field.entity,
      field.name,
      field.label,
      field.type,
      field.unique,
      field.mandatory,
      field.editable,
      field.history,
      field.help,
      choicesParameter(field.choices),
    ],
  );
  return row?.id;
}

export async function updateFieldRow(transaction: Transaction, id: string, change: UpdateField): Promise<void> {
  await affected(
    transaction,
    `update field_definition set
       label = coalesce($2, label), mandatory = coalesce($3, mandatory), editable = coalesce($4, editable),
       history = coalesce($5, history), help = coalesce($6, help),
       choices = case when $7 then $8::jsonb else choices end
     where id = $1`,
    [
      id,
      change.label,
      change.mandatory,
      change.editable,
      change.history,
      change.help,
      change.choices !== undefined,
      choicesParameter(change.choices),
    ],
  );
}

/** Makes two changes of one field wait for each other. */
export async function lockField(transaction: Transaction, id: string): Promise<void> {
  await transaction.query("select from field_definition where id = $1 for update", [id]);
}

function choicesParameter(choices: Field["choices"] | undefined): string | null {
  return choices === undefined || choices === null ? null : storableJson(choices);
}
