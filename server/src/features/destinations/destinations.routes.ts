import { testOutcomeSchema } from "@rollcall/core/contract/credentials.ts";
import {
  createDestinationSchema,
  type Destination,
  destinationDeliverySchema,
  destinationSchema,
  instanceFieldSchema,
  listDestinationDeliveriesQuerySchema,
  queuedSchema,
  updateDestinationSchema,
} from "@rollcall/core/contract/destinations.ts";
import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import {
  createDestination,
  deleteDestination,
  destinationNotFound,
  resynchronise,
  retryFailed,
  updateDestination,
} from "./change-destination.ts";
import { findDestination, listDeliveries, listDestinations } from "./destination-queries.ts";

/** Oomnitza instances that are kept in step. */
export async function destinationRoutes(app: App, parts: AppParts): Promise<void> {
  settingsRoutes(app, parts);
  instanceRoutes(app, parts);
  deliveryRoutes(app, parts);
}

const tags = ["destinations"];
const callMilliseconds = 60_000;

function settingsRoutes(app: App, parts: AppParts): void {
  const { database } = parts;

  app.get(
    "/destinations",
    {
      config: { permission: "destination.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(destinationSchema) } },
    },
    async ({ query }) => await listDestinations(database, query),
  );

  app.post(
    "/destinations",
    {
      config: { permission: "destination.write", audit: "destination.create" },
      schema: { tags, body: createDestinationSchema, response: { 201: destinationSchema } },
    },
    async ({ actor, body }, reply) => {
      const id = await createDestination(database, actor, body);
      return await reply.code(201).send(await existing(parts, id));
    },
  );

  app.get(
    "/destinations/:id",
    {
      config: { permission: "destination.read", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: destinationSchema } },
    },
    async ({ params }) => await existing(parts, params.id),
  );

  app.patch(
    "/destinations/:id",
    {
      config: { permission: "destination.write", audit: "destination.update" },
      schema: { tags, params: idParamsSchema, body: updateDestinationSchema, response: { 200: destinationSchema } },
    },
    async ({ actor, params, body }) => {
      await updateDestination(database, actor, params.id, body, parts.now());
      return await existing(parts, params.id);
    },
  );

  app.delete(
    "/destinations/:id",
    {
      config: { permission: "destination.write", audit: "destination.delete" },
      schema: { tags, params: idParamsSchema },
    },
    async ({ actor, params }, reply) => {
      await deleteDestination(database, actor, params.id, parts.now());
      return await reply.code(204).send();
    },
  );
}

/** Calls that ask the instance. */
function instanceRoutes(app: App, parts: AppParts): void {
  app.post(
    "/destinations/:id/test",
    {
      config: { permission: "destination.write", audit: "destination.test" },
      schema: { tags, params: idParamsSchema, response: { 200: testOutcomeSchema } },
    },
    async ({ actor, params }) => {
      const { id, name } = await existing(parts, params.id);
      const outcome = await parts.destinations.test(id, AbortSignal.timeout(callMilliseconds));
      await inTransaction(parts.database, (transaction) =>
        recordAudit(transaction, {
          actorId: actor.accountId,
          action: "destination.test",
          target: "destination",
          targetId: id,
          details: { name, ok: outcome.ok, code: outcome.code },
        }),
      );
      return outcome;
    },
  );

  app.get(
    "/destinations/:id/fields",
    {
      config: { permission: "destination.write", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: listOf(instanceFieldSchema) } },
    },
    async ({ params }) => {
      const { id } = await existing(parts, params.id);
      const data = [...(await parts.destinations.readFields(id, AbortSignal.timeout(callMilliseconds)))];
      return { data, nextCursor: null, total: data.length };
    },
  );
}

function deliveryRoutes(app: App, parts: AppParts): void {
  const { database } = parts;

  app.get(
    "/destinations/:id/deliveries",
    {
      config: { permission: "destination.read", audit: "none" },
      schema: {
        tags,
        params: idParamsSchema,
        querystring: listDestinationDeliveriesQuerySchema,
        response: { 200: listOf(destinationDeliverySchema) },
      },
    },
    async ({ params, query }) => await listDeliveries(database, (await existing(parts, params.id)).id, query),
  );

  app.post(
    "/destinations/:id/retry",
    {
      config: { permission: "destination.write", audit: "destination.retry" },
      schema: { tags, params: idParamsSchema, response: { 202: queuedSchema } },
    },
    async ({ actor, params }, reply) =>
      await reply.code(202).send({ queued: await retryFailed(database, actor, params.id) }),
  );

  app.post(
    "/destinations/:id/resynchronise",
    {
      config: { permission: "destination.write", audit: "destination.resynchronise" },
      schema: { tags, params: idParamsSchema, response: { 202: queuedSchema } },
    },
    async ({ actor, params }, reply) =>
      await reply.code(202).send({ queued: await resynchronise(database, actor, params.id) }),
  );
}

async function existing({ database }: AppParts, id: string): Promise<Destination> {
  const destination = await findDestination(database, id);
  if (destination === undefined) {
    throw destinationNotFound(id);
  }
  return destination;
}
