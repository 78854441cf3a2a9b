import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import {
  createSoftwareSchema,
  saasStatisticsSchema,
  softwareSchema,
  updateSoftwareSchema,
} from "@rollcall/core/contract/saas.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import type { Database } from "../../postgres/database.ts";
import { changeSoftware, createSoftware, softwareNotFound } from "./change-software.ts";
import { requireSoftware } from "./require-software.ts";
import { readSaasStatistics } from "./saas-statistics-queries.ts";
import { saasUserRoutes } from "./saas-users.routes.ts";
import { findSoftware, listSoftware } from "./software-queries.ts";

const tags = ["saas"];
const reading = { permission: "saas.read", audit: "none" } as const;

/** SaaS applications, their users, and what could be saved. */
export async function saasRoutes(app: App, parts: AppParts): Promise<void> {
  const { database, now } = parts;
  saasUserRoutes(app, parts);

  app.get(
    "/saas",
    { config: reading, schema: { tags, querystring: listQuerySchema, response: { 200: listOf(softwareSchema) } } },
    async ({ query }) => await listSoftware(database, query),
  );

  app.post(
    "/saas",
    {
      config: { permission: "saas.write", audit: "software.create" },
      schema: { tags, body: createSoftwareSchema, response: { 201: softwareSchema } },
    },
    async ({ actor, body }, reply) => {
      const id = await createSoftware(database, actor, body);
      return await reply.code(201).send(await existing(database, id));
    },
  );

  app.get(
    "/saas/:id",
    { config: reading, schema: { tags, params: idParamsSchema, response: { 200: softwareSchema } } },
    async ({ params }) => await existing(database, params.id),
  );

  app.patch(
    "/saas/:id",
    {
      config: { permission: "saas.write", audit: "software.update" },
      schema: { tags, params: idParamsSchema, body: updateSoftwareSchema, response: { 200: softwareSchema } },
    },
    async ({ actor, params, body }) => {
      await changeSoftware(database, actor, params.id, body);
      return await existing(database, params.id);
    },
  );

  app.get(
    "/saas/:id/statistics",
    { config: reading, schema: { tags, params: idParamsSchema, response: { 200: saasStatisticsSchema } } },
    async ({ params }) => await readSaasStatistics(database, await requireSoftware(database, params.id), now()),
  );
}

async function existing(database: Database, id: string) {
  const software = await findSoftware(database, id);
  if (software === undefined) {
    throw softwareNotFound(id);
  }
  return software;
}
