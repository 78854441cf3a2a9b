import {
  createFieldSchema,
  fieldSchema,
  listFieldsQuerySchema,
  updateFieldSchema,
} from "@rollcall/core/contract/fields.ts";
import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { changeField, createField, fieldNotFound } from "./change-field.ts";
import { findField, listFields } from "./field-queries.ts";

/** The fields of people and SaaS users: built-in ones and those an administrator added. */
export async function fieldRoutes(app: App, { database }: AppParts): Promise<void> {
  const tags = ["fields"];
  const reading = { permission: "field.read", audit: "none" } as const;

  app.get(
    "/fields",
    { config: reading, schema: { tags, querystring: listFieldsQuerySchema, response: { 200: listOf(fieldSchema) } } },
    async ({ query }) => await listFields(database, query.entity),
  );

  app.post(
    "/fields",
    {
      config: { permission: "field.write", audit: "field.create" },
      schema: { tags, body: createFieldSchema, response: { 201: fieldSchema } },
    },
    async ({ actor, body }, reply) => await reply.code(201).send(await createField(database, actor, body)),
  );

  app.get(
    "/fields/:id",
    { config: reading, schema: { tags, params: idParamsSchema, response: { 200: fieldSchema } } },
    async ({ params }) => {
      const field = await findField(database, params.id);
      if (field === undefined) {
        throw fieldNotFound(params.id);
      }
      return field;
    },
  );

  app.patch(
    "/fields/:id",
    {
      config: { permission: "field.write", audit: "field.update" },
      schema: { tags, params: idParamsSchema, body: updateFieldSchema, response: { 200: fieldSchema } },
    },
    async ({ actor, params, body }) => await changeField(database, actor, params.id, body),
  );
}
