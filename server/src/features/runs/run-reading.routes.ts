import { finished, Readable } from "node:stream";
import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import {
  changeSchema,
  listChangesQuerySchema,
  listRunErrorsQuerySchema,
  listRunsQuerySchema,
  listSkippedRunsQuerySchema,
  runErrorSchema,
  runSchema,
  runSkipSchema,
} from "@rollcall/core/contract/runs.ts";
import type { FastifyReply } from "fastify";
import type { App, AppParts } from "../../http/app-parts.ts";
import { listRunChanges } from "./change-queries.ts";
import { findExistingRun } from "./find-existing-run.ts";
import { allRunErrors, listRunErrors } from "./run-error-queries.ts";
import { runErrorsCsv } from "./run-errors-csv.ts";
import { runEvents } from "./run-events.ts";
import { findIntegrationState, findRun, listRuns } from "./run-queries.ts";
import { listSkippedRuns } from "./run-skip-queries.ts";
import { integrationNotFound } from "./start-run.ts";

/** Runs, what they changed, what did not fit, and their progress as it happens. */
export function runReadingRoutes(app: App, parts: AppParts): void {
  const { database, now } = parts;
  const tags = ["runs"];

  app.get(
    "/runs",
    {
      schema: { tags, querystring: listRunsQuerySchema, response: { 200: listOf(runSchema) } },
      config: { permission: "run.read", audit: "none" },
    },
    async (request) => await listRuns(database, request.query, now()),
  );

  app.get(
    "/runs/:id",
    {
      schema: { tags, params: idParamsSchema, response: { 200: runSchema } },
      config: { permission: "run.read", audit: "none" },
    },
    async (request) => await findExistingRun(parts, request.params.id),
  );

  app.get(
    "/runs/:id/changes",
    {
      schema: {
        tags,
        params: idParamsSchema,
        querystring: listChangesQuerySchema,
        response: { 200: listOf(changeSchema) },
      },
      config: { permission: "run.read", audit: "none" },
    },
    async (request) => {
      const { id } = await findExistingRun(parts, request.params.id);
      return await listRunChanges(database, id, request.query);
    },
  );

  app.get(
    "/runs/:id/errors",
    {
      schema: {
        tags,
        description: "With `Accept: text/csv` all errors as CSV, whatever the limit.",
        params: idParamsSchema,
        querystring: listRunErrorsQuerySchema,
        response: { 200: listOf(runErrorSchema) },
      },
      config: { permission: "run.read", audit: "none" },
    },
    async (request, reply) => {
      const { id } = await findExistingRun(parts, request.params.id);
      if (!/\btext\/csv\b/i.test(request.headers.accept ?? "")) {
        return await listRunErrors(database, id, request.query);
      }
      reply.header("content-disposition", `attachment; filename="run-${id}-errors.csv"`);
      reply.type("text/csv; charset=utf-8");
      return await sendText(reply, runErrorsCsv(allRunErrors(database, id, request.query)));
    },
  );

  app.get(
    "/integrations/:id/skipped-runs",
    {
      schema: {
        tags,
        params: idParamsSchema,
        querystring: listSkippedRunsQuerySchema,
        response: { 200: listOf(runSkipSchema) },
      },
      config: { permission: "run.read", audit: "none" },
    },
    async (request) => {
      if ((await findIntegrationState(database, request.params.id)) === undefined) {
        throw integrationNotFound(request.params.id);
      }
      return await listSkippedRuns(database, request.params.id, request.query);
    },
  );

  // Closing the server waits for answers under way, and these have no end of their own.
  const listeners = new Set<AbortController>();
  app.addHook("preClose", async () => {
    for (const listener of listeners) {
      listener.abort();
    }
  });
  app.get(
    "/runs/:id/events",
    {
      schema: {
        tags,
        description: "Server-sent events: the run's document as event `run`, at once and on every change, to its end.",
        params: idParamsSchema,
      },
      config: { permission: "run.read", audit: "none" },
    },
    async (request, reply) => {
      const { id } = await findExistingRun(parts, request.params.id);
      const listener = new AbortController();
      listeners.add(listener);
      // Who hung up while the run was looked up is heard of too.
      finished(reply.raw, () => {
        listeners.delete(listener);
        listener.abort();
      });
      reply
        .type("text/event-stream; charset=utf-8")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no");
      return await sendText(
        reply,
        runEvents(async () => await findRun(database, id, now()), listener.signal),
      );
    },
  );
}

async function sendText(reply: FastifyReply, pieces: AsyncIterable<string>): Promise<FastifyReply> {
  return await reply.send(Readable.from(pieces));
}
