import type { CreateSoftware, UpdateSoftware } from "@rollcall/core/contract/saas.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";

/** The new record's id; undefined when the name is taken. What is not given comes from the catalog entry. */
export async function insertSoftware(transaction: Transaction, software: CreateSoftware): Promise<string | undefined> {
  const row = await maybeOne<{ id: string }>(
    transaction,
    `insert into software (name, publisher, category, url, logo, catalog_entry_id, seats, seat_cost, currency)
     select $1, coalesce($2, e.publisher, ''), coalesce($3, e.category, ''), coalesce($4, e.url, ''), e.logo, e.id, $6, $7, $8
     from (select) as one left join catalog_entry e on e.id = $5
     on conflict do nothing
     returning id`,
    [
      software.name,
      software.publisher,
      software.category,
      software.url,
      software.catalogEntryId ?? null,
      software.seats ?? null,
      software.seatCost ?? null,
      software.currency ?? null,
    ],
  );
  return row?.id;
}

/** Changes what is given; null clears. False when there is no such record. */
export async function updateSoftwareRow(
  transaction: Transaction,
  id: string,
  change: UpdateSoftware,
): Promise<boolean> {
  const value = (key: string, column: string, type: string): string =>
    `${column} = case when d ? '${key}' then (d ->> '${key}')::${type} else ${column} end`;
  const updated = await affected(
    transaction,
    `update software set
       ${value("name", "name", "text")}, ${value("publisher", "publisher", "text")}, ${value("category", "category", "text")},
       ${value("url", "url", "text")}, ${value("seats", "seats", "integer")}, ${value("seatCost", "seat_cost", "numeric")},
       ${value("currency", "currency", "text")}, ${value("catalogEntryId", "catalog_entry_id", "uuid")},
       logo = case when d ? 'catalogEntryId'
                   then (select e.logo from catalog_entry e where e.id = (d ->> 'catalogEntryId')::uuid) else logo end,
       updated_at = now()
     from (select $2::jsonb as d) as given
     where software.id = $1`,
    [id, storableJson(change)],
  );
  return updated === 1;
}

/** Whether another record has the name. */
export async function isSoftwareNameTaken(transaction: Transaction, name: string, exceptId: string): Promise<boolean> {
  const row = await maybeOne(transaction, "select from software where comparable(name) = comparable($1) and id <> $2", [
    name,
    exceptId,
  ]);
  return row !== undefined;
}

/** Whether the entry exists; it stays until the transaction ends. */
export async function lockCatalogEntry(transaction: Transaction, id: string): Promise<boolean> {
  return (await maybeOne(transaction, "select from catalog_entry where id = $1 for key share", [id])) !== undefined;
}
