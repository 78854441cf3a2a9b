import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";
import { alarmTriggers, outboxStates } from "./notifications.ts";

/** What a webhook can be about: the `type` of its payload. */
export const webhookEvents = [
  "run.failed",
  "run.incomplete",
  "run.timed_out",
  "run.did_not_start",
  "run.needs_review",
  "integration.stale",
  "integration.recovered",
  "credential.expiring",
  "credential.recovered",
  "scheduler.dead",
  "scheduler.recovered",
  "destination.stopped",
  "destination.recovered",
  "webhook.test",
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

const settings = {
  name: z.string().trim().min(1).max(128),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  events: z
    .array(z.enum(webhookEvents))
    .max(webhookEvents.length)
    .describe("Only these; an empty list means every event, those of later versions included."),
  enabled: z.boolean(),
};

export const createWebhookSchema = z.strictObject({
  name: settings.name,
  url: settings.url,
  events: settings.events.default([]),
  enabled: settings.enabled.default(true),
});
export type CreateWebhook = z.infer<typeof createWebhookSchema>;

export const updateWebhookSchema = z.strictObject(settings).partial();
export type UpdateWebhook = z.infer<typeof updateWebhookSchema>;

export const webhookSchema = z.object({
  id: z.uuid(),
  ...settings,
  disabledReason: z.string().nullable().describe("Why Rollcall itself switched it off."),
  previousSecretExpiresAt: instantSchema
    .nullable()
    .describe("Until then every webhook is signed with the secret before the last rotation as well."),
  lastDelivery: z.object({ state: z.enum(outboxStates), at: instantSchema }).nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Webhook = z.infer<typeof webhookSchema>;

const secret = z.string().describe("whsec_ and base64, as Standard Webhooks has it. In this answer and never again.");
export const createdWebhookSchema = webhookSchema.extend({ secret });

export const rotateSecretSchema = z
  .strictObject({ overlapHours: z.number().min(0).max(168).default(24).describe("How long the old secret signs too.") })
  .nullish();

export const webhookDeliverySchema = z.object({
  id: z.uuid(),
  webhookId: z.string().describe("The header webhook-id: the same however often it is sent."),
  event: z.enum(webhookEvents),
  title: z.string(),
  state: z.enum(outboxStates),
  attempts: z.number().int(),
  createdAt: instantSchema,
  nextAttemptAt: instantSchema.nullable(),
  sentAt: instantSchema.nullable(),
  problem: z.string().nullable(),
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

export const webhookDeliveryDetailsSchema = webhookDeliverySchema.extend({
  payload: z.record(z.string(), z.unknown()),
  log: z.array(
    z.object({
      at: instantSchema,
      ok: z.boolean(),
      status: z.number().int().nullable().describe("Of the receiver's answer; null when there was none."),
      detail: z.string(),
      milliseconds: z.number().int(),
    }),
  ),
});
export type WebhookDeliveryDetails = z.infer<typeof webhookDeliveryDetailsSchema>;

export const listDeliveriesQuerySchema = listQuerySchema
  .omit({ q: true })
  .extend({ state: z.enum(outboxStates).optional() });
export type ListDeliveriesQuery = z.infer<typeof listDeliveriesQuerySchema>;

export const deliveryParamsSchema = z.object({
  id: z.string().min(1).max(64),
  deliveryId: z.string().min(1).max(64),
});

/** The body of a webhook. */
export const webhookPayloadSchema = z.object({
  type: z.enum(webhookEvents),
  timestamp: instantSchema.describe("When it happened, not when it was sent."),
  data: z.object({
    trigger: z.enum([...alarmTriggers, "test"]),
    kind: z.enum(["raised", "recovered", "test"]),
    title: z.string(),
    reason: z.string(),
    nextStep: z.string(),
    link: z.string(),
    subject: z.string().describe("The name of the integration, credential or destination."),
    integrationId: z.uuid().nullable(),
    credentialId: z.uuid().nullable(),
    destinationId: z.uuid().nullable(),
    runId: z.uuid().nullable(),
  }),
});
export type WebhookPayload = z.infer<typeof webhookPayloadSchema>;
