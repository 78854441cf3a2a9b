import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import {
  createdRunnerSchema,
  createRunnerSchema,
  runnerSchema,
  updateRunnerSchema,
} from "@rollcall/core/contract/runners.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { createRunner } from "./create-runner.ts";
import { deleteRunner, runnerNotFound } from "./delete-runner.ts";
import { runnerCallRoutes } from "./runner-calls.routes.ts";
import { findRunner, listRunners } from "./runner-queries.ts";
import { updateRunner } from "./update-runner.ts";

/** Runners as an administrator sees them, and the calls that runners themselves make. */
export async function runnerRoutes(app: App, parts: AppParts): Promise<void> {
  administrationRoutes(app, parts);
  await app.register(async (scope) => runnerCallRoutes(scope, parts), { prefix: "/runner" });
}

function administrationRoutes(app: App, { database, now }: AppParts): void {
  const tags = ["runners"];

  app.get(
    "/runners",
    {
      config: { permission: "runner.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(runnerSchema) } },
    },
    async ({ query }) => await listRunners(database, query, now()),
  );

  app.post(
    "/runners",
    {
      config: { permission: "runner.write", audit: "runner.create" },
      schema: { tags, body: createRunnerSchema, response: { 201: createdRunnerSchema } },
    },
    async ({ actor, body }, reply) => await reply.code(201).send(await createRunner(database, actor, body, now())),
  );

  app.get(
    "/runners/:id",
    {
      config: { permission: "runner.read", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: runnerSchema } },
    },
    async ({ params }) => {
      const runner = await findRunner(database, params.id, now());
      if (runner === undefined) {
        throw runnerNotFound(params.id);
      }
      return runner;
    },
  );

  app.patch(
    "/runners/:id",
    {
      config: { permission: "runner.write", audit: "runner.update" },
      schema: { tags, params: idParamsSchema, body: updateRunnerSchema, response: { 200: runnerSchema } },
    },
    async ({ actor, params, body }) => await updateRunner(database, actor, params.id, body, now()),
  );

  app.delete(
    "/runners/:id",
    { config: { permission: "runner.write", audit: "runner.delete" }, schema: { tags, params: idParamsSchema } },
    async ({ actor, params }, reply) => {
      await deleteRunner(database, actor, params.id, now());
      return await reply.code(204).send();
    },
  );
}
