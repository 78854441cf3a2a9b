import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import {
  createdWebhookSchema,
  createWebhookSchema,
  deliveryParamsSchema,
  listDeliveriesQuerySchema,
  rotateSecretSchema,
  updateWebhookSchema,
  type Webhook,
  type WebhookDeliveryDetails,
  webhookDeliveryDetailsSchema,
  webhookDeliverySchema,
  webhookSchema,
} from "@rollcall/core/contract/webhooks.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import {
  createWebhook,
  deleteWebhook,
  deliveryNotFound,
  resendDelivery,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  webhookNotFound,
} from "./change-webhook.ts";
import { findDelivery, findWebhook, listDeliveries, listWebhooks } from "./webhook-queries.ts";

/** Signed messages to other programs, and what became of them. */
export async function webhookRoutes(app: App, parts: AppParts): Promise<void> {
  endpointRoutes(app, parts);
  secretRoutes(app, parts);
  deliveryRoutes(app, parts);
}

const tags = ["webhooks"];

function endpointRoutes(app: App, parts: AppParts): void {
  const { database } = parts;

  app.get(
    "/webhooks",
    {
      config: { permission: "settings.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(webhookSchema) } },
    },
    async ({ query }) => await listWebhooks(database, query),
  );

  app.post(
    "/webhooks",
    {
      config: { permission: "settings.write", audit: "webhook.create" },
      schema: { tags, body: createWebhookSchema, response: { 201: createdWebhookSchema } },
    },
    async ({ actor, body }, reply) => {
      const { id, secret } = await createWebhook(parts, actor, body);
      return await reply.code(201).send({ ...(await existing(parts, id)), secret });
    },
  );

  app.get(
    "/webhooks/:id",
    {
      config: { permission: "settings.read", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: webhookSchema } },
    },
    async ({ params }) => await existing(parts, params.id),
  );

  app.patch(
    "/webhooks/:id",
    {
      config: { permission: "settings.write", audit: "webhook.update" },
      schema: { tags, params: idParamsSchema, body: updateWebhookSchema, response: { 200: webhookSchema } },
    },
    async ({ actor, params, body }) => {
      await updateWebhook(database, actor, params.id, body);
      return await existing(parts, params.id);
    },
  );

  app.delete(
    "/webhooks/:id",
    {
      config: { permission: "settings.write", audit: "webhook.delete" },
      schema: { tags, params: idParamsSchema },
    },
    async ({ actor, params }, reply) => {
      await deleteWebhook(database, actor, params.id);
      return await reply.code(204).send();
    },
  );
}

function secretRoutes(app: App, parts: AppParts): void {
  app.post(
    "/webhooks/:id/rotate-secret",
    {
      config: { permission: "settings.write", audit: "webhook.rotate_secret" },
      schema: { tags, params: idParamsSchema, body: rotateSecretSchema, response: { 200: createdWebhookSchema } },
    },
    async ({ actor, params, body }) => {
      const { id, secret } = await rotateWebhookSecret(parts, actor, params.id, body?.overlapHours ?? 24);
      return { ...(await existing(parts, id)), secret };
    },
  );
}

function deliveryRoutes(app: App, parts: AppParts): void {
  const { database } = parts;

  app.post(
    "/webhooks/:id/test",
    {
      config: { permission: "settings.write", audit: "webhook.test" },
      schema: { tags, params: idParamsSchema, response: { 202: webhookDeliveryDetailsSchema } },
    },
    async ({ actor, params }, reply) => {
      const deliveryId = await testWebhook(database, actor, params.id);
      return await reply.code(202).send(await delivery(parts, { id: params.id, deliveryId }));
    },
  );

  app.get(
    "/webhooks/:id/deliveries",
    {
      config: { permission: "settings.read", audit: "none" },
      schema: {
        tags,
        params: idParamsSchema,
        querystring: listDeliveriesQuerySchema,
        response: { 200: listOf(webhookDeliverySchema) },
      },
    },
    async ({ params, query }) => await listDeliveries(database, (await existing(parts, params.id)).id, query),
  );

  app.get(
    "/webhooks/:id/deliveries/:deliveryId",
    {
      config: { permission: "settings.read", audit: "none" },
      schema: { tags, params: deliveryParamsSchema, response: { 200: webhookDeliveryDetailsSchema } },
    },
    async ({ params }) => await delivery(parts, params),
  );

  app.post(
    "/webhooks/:id/deliveries/:deliveryId/resend",
    {
      config: { permission: "settings.write", audit: "webhook.resend" },
      schema: { tags, params: deliveryParamsSchema, response: { 202: webhookDeliveryDetailsSchema } },
    },
    async ({ actor, params }, reply) => {
      await resendDelivery(database, actor, params);
      return await reply.code(202).send(await delivery(parts, params));
    },
  );
}

async function existing({ database }: AppParts, id: string): Promise<Webhook> {
  const webhook = await findWebhook(database, id);
  if (webhook === undefined) {
    throw webhookNotFound(id);
  }
  return webhook;
}

async function delivery(
  { database, config }: AppParts,
  { id, deliveryId }: { readonly id: string; readonly deliveryId: string },
): Promise<WebhookDeliveryDetails> {
  const found = await findDelivery(database, id, deliveryId, config.publicUrl);
  if (found === undefined) {
    throw deliveryNotFound(deliveryId);
  }
  return found;
}
