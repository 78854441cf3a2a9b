import { finished } from "node:stream";
import { testOutcomeSchema } from "@rollcall/core/contract/credentials.ts";
import {
  createIntegrationSchema,
  type Integration,
  integrationSchema,
  listIntegrationsQuerySchema,
  listRevisionsQuerySchema,
  mappingPreviewSchema,
  previewMappingSchema,
  revisionParamsSchema,
  revisionSchema,
  updateIntegrationSchema,
} from "@rollcall/core/contract/integrations.ts";
import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App, AppParts } from "../../http/app-parts.ts";
import type { Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { keepSchedule } from "../schedules/keep-schedule.ts";
import { archiveIntegration, pauseIntegration, resumeIntegration, type StatusChange } from "./change-status.ts";
import { createIntegration } from "./create-integration.ts";
import { deleteIntegration } from "./delete-integration.ts";
import { expectedRevision, revisionTag } from "./expected-revision.ts";
import { integrationById } from "./find-integration.ts";
import { getIntegration, listIntegrations } from "./integration-queries.ts";
import { launchIntegration } from "./launch-integration.ts";
import { previewMapping } from "./preview-mapping.ts";
import { restoreRevision } from "./restore-revision.ts";
import { listRevisions } from "./revision-queries.ts";
import { testIntegration } from "./test-integration.ts";
import { updateIntegration } from "./update-integration.ts";

const params = idParamsSchema;
const answers = { 200: integrationSchema };

export async function integrationRoutes(app: App, parts: AppParts): Promise<void> {
  const { database, connectors } = parts;

  app.get(
    "/integrations",
    {
      schema: { querystring: listIntegrationsQuerySchema, response: { 200: listOf(integrationSchema) } },
      config: { permission: "integration.read", audit: "none" },
    },
    async (request) => await listIntegrations(parts, request.query),
  );

  app.post(
    "/integrations",
    {
      schema: { body: createIntegrationSchema, response: { 201: integrationSchema } },
      config: { permission: "integration.write", audit: "integration.create" },
    },
    async (request, reply) => {
      const { accountId } = request.actor;
      const id = await inTransaction(database, (transaction) =>
        createIntegration(transaction, connectors, request.body, accountId),
      );
      return await reply
        .code(201)
        .header("location", `/api/v1/integrations/${id}`)
        .send(await shown(parts, id, reply));
    },
  );

  app.get(
    "/integrations/:id",
    { schema: { params, response: answers }, config: { permission: "integration.read", audit: "none" } },
    async (request, reply) => await shown(parts, request.params.id, reply),
  );

  app.patch(
    "/integrations/:id",
    {
      schema: { params, body: updateIntegrationSchema, response: answers },
      config: { permission: "integration.write", audit: "integration.update" },
    },
    async (request, reply) => {
      const update = { ...changeOf(request, request.params.id), patch: request.body };
      await rescheduled(parts, update.id, (transaction) => updateIntegration(transaction, connectors, update));
      return await shown(parts, update.id, reply);
    },
  );

  app.delete(
    "/integrations/:id",
    {
      schema: { params, response: { 204: z.null() } },
      config: { permission: "integration.write", audit: "integration.delete" },
    },
    async (request, reply) => {
      const change = changeOf(request, request.params.id);
      await inTransaction(database, (transaction) => deleteIntegration(transaction, change));
      return await reply.code(204).send(null);
    },
  );

  app.post(
    "/integrations/:id/launch",
    {
      schema: { params, response: answers },
      config: { permission: "integration.launch", audit: "integration.launch" },
    },
    async (request, reply) => {
      await launchIntegration(parts, changeOf(request, request.params.id), whileConnected(reply));
      return await shown(parts, request.params.id, reply);
    },
  );

  const transitions = [
    ["pause", "integration.pause", pauseIntegration],
    [
      "resume",
      "integration.resume",
      (transaction: Transaction, change: StatusChange) => resumeIntegration(transaction, parts, change),
    ],
    ["archive", "integration.archive", archiveIntegration],
  ] as const;
  for (const [verb, audit, move] of transitions) {
    app.post(
      `/integrations/:id/${verb}`,
      { schema: { params, response: answers }, config: { permission: "integration.launch", audit } },
      async (request, reply) => {
        const change = changeOf(request, request.params.id);
        await rescheduled(parts, change.id, (transaction) => move(transaction, change));
        return await shown(parts, change.id, reply);
      },
    );
  }

  app.post(
    "/integrations/:id/test",
    {
      schema: { params, response: { 200: testOutcomeSchema } },
      config: { permission: "integration.test", audit: "integration.test" },
    },
    async (request, reply) =>
      await testIntegration(parts, request.params.id, request.actor.accountId, whileConnected(reply)),
  );

  app.post(
    "/integrations/:id/preview-mapping",
    {
      schema: { params, body: previewMappingSchema, response: { 200: mappingPreviewSchema } },
      config: { permission: "integration.test", audit: "none" },
    },
    async (request, reply) => await previewMapping(parts, request.params.id, request.body ?? {}, whileConnected(reply)),
  );

  app.get(
    "/integrations/:id/revisions",
    {
      schema: { params, querystring: listRevisionsQuerySchema, response: { 200: listOf(revisionSchema) } },
      config: { permission: "integration.read", audit: "none" },
    },
    async (request) => {
      const { id } = await integrationById(database, request.params.id);
      return await listRevisions(database, id, request.query);
    },
  );

  app.post(
    "/integrations/:id/revisions/:number/restore",
    {
      schema: { params: revisionParamsSchema, response: answers },
      config: { permission: "integration.write", audit: "integration.restore" },
    },
    async (request, reply) => {
      const { id, number } = request.params;
      const restoration = { ...changeOf(request, id), number };
      await rescheduled(parts, id, (transaction) => restoreRevision(transaction, connectors, restoration));
      return await shown(parts, id, reply);
    },
  );
}

function changeOf(request: FastifyRequest, id: string): StatusChange {
  return { id, actorId: request.actor.accountId, expected: expectedRevision(request.headers["if-match"]) };
}

/** Changes an integration, and its next run with it. */
async function rescheduled(
  { database, now }: AppParts,
  id: string,
  change: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await change(transaction);
    await keepSchedule(transaction, id, now());
  });
}

/** The integration as it is now, its revision as the answer's entity tag. */
async function shown(parts: AppParts, id: string, reply: FastifyReply): Promise<Integration> {
  const integration = await getIntegration(parts, id);
  if (integration === undefined) {
    throw new ProductError(
      "integration.not_found",
      `There is no integration ${JSON.stringify(id)}. List the integrations.`,
    );
  }
  reply.header("etag", revisionTag(integration.revision));
  return integration;
}

/** Ends when the caller hangs up, so that nobody's vendor is asked for an answer that nobody reads. */
function whileConnected(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  finished(reply.raw, () => controller.abort());
  return controller.signal;
}
