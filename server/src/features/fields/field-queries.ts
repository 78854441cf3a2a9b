import type { Field } from "@rollcall/core/contract/fields.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { maybeOne, rows } from "../../postgres/query.ts";

const columns = `id, entity, name, label, type, is_unique as "unique", mandatory, editable, history, help, choices,
  built_in as "builtIn"`;

/** All fields, or those of one entity, in the order of the screens. Few enough for one page. */
export async function listFields(on: Queryable, entity?: Field["entity"]): Promise<ListOf<Field>> {
  const data = await rows<Field>(
    on,
    `select ${columns} from field_definition where $1::text is null or entity = $1 order by entity, position, label, name`,
    [entity],
  );
  return { data: [...data], nextCursor: null, total: data.length };
}

export async function findField(on: Queryable, id: string): Promise<Field | undefined> {
  return isUuid(id)
    ? await maybeOne<Field>(on, `select ${columns} from field_definition where id = $1`, [id])
    : undefined;
}
