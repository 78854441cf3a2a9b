import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";

export const destinationSyncKeys = ["username", "email"] as const;
export const destinationModes = ["requests", "bulk"] as const;
export const deliveryStates = ["waiting", "done", "failed"] as const;

const externalIdSchema = z
  .string()
  .regex(/^[A-Za-z]\w{0,63}$|^[0-9a-f]{32}$/, "must be the name of a field in the REST API, such as first_name");

const destinationFieldSchema = z.strictObject({
  field: z.string().min(1).max(64).describe("A field of People."),
  externalId: externalIdSchema.describe(
    "Its name in the instance's REST API; GET /destinations/{id}/fields lists them.",
  ),
  when: z.enum(["always", "create"]).default("always").describe("create: only when the person is new there."),
});
export type DestinationField = z.infer<typeof destinationFieldSchema>;

const followSchema = z.strictObject({
  integrationId: z.uuid(),
  saasName: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .nullable()
    .optional()
    .describe(
      "The SaaS application that gets the users, found by its name or made. Null: people only. Absent: the name of the integration's software.",
    ),
  saasId: z.string().min(1).max(64).nullable().optional().describe("The application's id there, when it is known."),
});

const settings = {
  name: z.string().trim().min(1).max(128),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe("Of the instance, such as https://example.oomnitza.com."),
  credentialId: z.uuid().describe("Of the kind api-key (header Authorization2) or basic."),
  enabled: z.boolean().describe("False: changes are queued and wait."),
  syncKey: z.enum(destinationSyncKeys).describe("By which field a person is found there the first time."),
  fields: z.array(destinationFieldSchema).min(1).max(200),
  constants: z
    .record(externalIdSchema, z.union([z.string().max(1024), z.number(), z.boolean()]))
    .describe("What a new person gets besides; the instance wants a role, which is a number."),
  suspendPeople: z
    .boolean()
    .describe("Whether a person who is inactive here is suspended there. Otherwise only the SaaS user is deactivated."),
  follows: z.array(followSchema).max(200).describe("The integrations whose applied changes are pushed."),
  mode: z
    .enum(destinationModes)
    .describe(
      "How people are sent. requests: one request for each, over the public API. bulk: up to 100 with one request, over the bulk protocol of Oomnitza's own connector. Unverified: that protocol is not documented and was never tried against a real instance. SaaS users and their states always go over the public API.",
    ),
  bulkConnector: z
    .string()
    .regex(
      /^\w[\w .-]{0,63}$/,
      "must be the number of an integration of the instance, or the name of a basic connector",
    )
    .nullable()
    .describe(
      "Needed by the mode bulk: in whose name the instance takes the upload. The number of one of its integrations (digits), or a basic connector's name.",
    ),
};

export const defaultDestinationFields: readonly DestinationField[] = [
  { field: "username", externalId: "username", when: "always" },
  { field: "email", externalId: "email", when: "always" },
  { field: "firstName", externalId: "first_name", when: "always" },
  { field: "lastName", externalId: "last_name", when: "always" },
];

export const createDestinationSchema = z.strictObject({
  name: settings.name,
  url: settings.url,
  credentialId: settings.credentialId,
  enabled: settings.enabled.default(true),
  syncKey: settings.syncKey.default("username"),
  fields: settings.fields.default([...defaultDestinationFields]),
  constants: settings.constants.default({}),
  suspendPeople: settings.suspendPeople.default(false),
  follows: settings.follows.default([]),
  mode: settings.mode.default("requests"),
  bulkConnector: settings.bulkConnector.default(null),
});
export type CreateDestination = z.infer<typeof createDestinationSchema>;

export const updateDestinationSchema = z.strictObject(settings).partial();
export type UpdateDestination = z.infer<typeof updateDestinationSchema>;

export const pushSummarySchema = z.object({
  startedAt: instantSchema,
  finishedAt: instantSchema,
  problem: z.string().nullable(),
  people: z.object({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    failed: z.int(),
    postponed: z.int(),
  }),
  requests: z.record(z.string(), z.int()).describe("By kind, repetitions included."),
});
export type PushSummary = z.infer<typeof pushSummarySchema>;

export const destinationSchema = z.object({
  id: z.uuid(),
  ...settings,
  follows: z.array(
    z.object({
      integrationId: z.uuid(),
      integrationName: z.string(),
      saasName: z.string().nullable(),
      saasId: z.string().nullable(),
    }),
  ),
  deliveries: z.record(z.enum(deliveryStates), z.int()).describe("How many there are of each state."),
  pushing: z.boolean().describe("Whether a push is under way."),
  problem: z.string().nullable().describe("Why the last push came to nothing."),
  nextPushAt: instantSchema.describe("Not before; later after failures."),
  lastPush: pushSummarySchema.nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Destination = z.infer<typeof destinationSchema>;

export const instanceFieldSchema = z.object({
  externalId: z.string(),
  label: z.string(),
  type: z.string().nullable().describe("As the instance says it."),
  length: z.int().nullable(),
  editable: z.boolean(),
  mandatory: z.boolean(),
  unique: z.boolean(),
  choices: z.array(z.string()),
});
export type InstanceField = z.infer<typeof instanceFieldSchema>;

export const queuedSchema = z.object({ queued: z.int().describe("How many records wait now because of this call.") });

export const destinationDeliverySchema = z.object({
  id: z.string(),
  state: z.enum(deliveryStates),
  personId: z.string(),
  personName: z.string().nullable(),
  saasUserId: z.string().nullable(),
  integrationId: z.uuid(),
  runId: z.uuid().nullable().describe("Null: asked for by a full re-synchronisation."),
  attempts: z.int(),
  actions: z
    .array(z.string())
    .describe(
      "created, updated, suspended, resumed, assigned, external-id, role, activated, deactivated; none: it was in step.",
    ),
  code: z.string().nullable(),
  problem: z.string().nullable(),
  createdAt: instantSchema,
  nextAttemptAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});
export type DestinationDelivery = z.infer<typeof destinationDeliverySchema>;

export const listDestinationDeliveriesQuerySchema = listQuerySchema.omit({ q: true }).extend({
  state: z.enum(deliveryStates).optional(),
  personId: z.string().max(20).optional(),
  runId: z.uuid().optional(),
});
export type ListDestinationDeliveriesQuery = z.infer<typeof listDestinationDeliveriesQuerySchema>;
