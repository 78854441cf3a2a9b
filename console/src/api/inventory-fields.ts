import type { CreateField, Field, UpdateField } from "@rollcall/core/contract/fields.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { callApi } from "./client.ts";
import { itemOptions } from "./list-options.ts";

export const inventoryFieldsOptions = (entity?: Field["entity"]) =>
  itemOptions<ListOf<Field>>("/fields", entity === undefined ? {} : { entity });

export const createField = (body: Partial<CreateField> & Pick<CreateField, "label" | "type">) =>
  callApi<Field>("POST", "/fields", { body });

export const updateField = (id: string, body: UpdateField) =>
  callApi<Field>("PATCH", `/fields/${encodeURIComponent(id)}`, { body });
