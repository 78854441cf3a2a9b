import { z } from "zod";
import { filterSchema, nestedGroupSchema } from "../mapping/filter-schema.ts";
import { mappingSchema } from "../mapping/mapping-schema.ts";
import { testOutcomeSchema } from "./credentials.ts";
import { instantSchema, listQuerySchema } from "./listing.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 02:00");
const timeZone = z.string().min(1).max(64).default("UTC");

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export const scheduleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("daily"), at: timeOfDay, timeZone }),
  z.strictObject({
    kind: z.literal("interval"),
    minutes: z.union([15, 30, 60, 120, 180, 240, 360, 480, 720].map((minutes) => z.literal(minutes))),
  }),
  z.strictObject({ kind: z.literal("weekly"), days: z.array(z.enum(weekdays)).min(1).max(7), at: timeOfDay, timeZone }),
  z.strictObject({ kind: z.literal("cron"), expression: z.string().min(9).max(120), timeZone }),
  z.strictObject({ kind: z.literal("manual") }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

export const guardSchema = z.strictObject({
  enabled: z.boolean().default(true),
  maxPercent: z.number().min(0).max(100).default(10),
  minCount: z.int().min(0).max(1_000_000).default(5),
  windowDays: z.int().min(1).max(90).default(7),
  windowPercent: z.number().min(0).max(100).default(20),
  confirmRuns: z.int().min(1).max(30).default(1),
});
export type GuardSettings = z.infer<typeof guardSchema>;

export const integrationModes = ["user-only", "user-plus-saas"] as const;
export const preferences = ["create-update", "create-only", "update-only"] as const;
export const integrationStatuses = ["draft", "active", "paused", "archived"] as const;

const settings = {
  name: z.string().trim().min(1).max(128),
  credentialId: z.uuid().nullable(),
  mode: z.enum(integrationModes),
  softwareId: z.uuid().nullable(),
  deactivate: z.boolean(),
  personDeactivation: z
    .enum(["when-unseen", "never"])
    .describe("Whether a person is deactivated when no other integration still sees them as active."),
  installation: z.enum(["cloud", "local"]),
  preference: z.enum(preferences),
  integrationUser: z.uuid().nullable().describe("The account that writes are recorded for."),
  contacts: z.array(z.uuid()).max(50).describe("Accounts that are told when something is wrong."),
  inputs: z.record(z.string(), z.unknown()),
  schedule: scheduleSchema,
  mapping: mappingSchema,
  filter: filterSchema,
  guard: guardSchema,
};

const connectorId = z.string().min(1).max(64);

/** What a revision keeps: everything an administrator decides about an integration, except its state. */
export const integrationSettingsSchema = z.strictObject({ ...settings, connector: connectorId });
export type IntegrationSettings = z.infer<typeof integrationSettingsSchema>;

export const createIntegrationSchema = z.strictObject({
  ...z.strictObject(settings).partial().shape,
  name: settings.name,
  connector: connectorId,
  status: z.literal("draft").optional().describe("A new integration is a draft until it is launched."),
});
export type CreateIntegration = z.infer<typeof createIntegrationSchema>;

/** Absent leaves a setting as it is; null clears it. `guard` and `inputs` are merged by key. */
export const updateIntegrationSchema = z.strictObject({
  ...z.strictObject(settings).partial().shape,
  guard: z
    .strictObject({
      enabled: z.boolean(),
      maxPercent: z.number().min(0).max(100),
      minCount: z.int().min(0).max(1_000_000),
      windowDays: z.int().min(1).max(90),
      windowPercent: z.number().min(0).max(100),
      confirmRuns: z.int().min(1).max(30),
    })
    .partial()
    .optional(),
  connector: connectorId.optional().describe("Cannot be changed; accepted when it is the same."),
  status: z
    .enum(integrationStatuses)
    .optional()
    .describe("Accepted when it is the same; changed by launch, pause, resume and archive."),
});
export type UpdateIntegration = z.infer<typeof updateIntegrationSchema>;

export const listIntegrationsQuerySchema = listQuerySchema.extend({
  status: z.enum(integrationStatuses).optional(),
  connector: connectorId.optional(),
});
export type ListIntegrationsQuery = z.infer<typeof listIntegrationsQuerySchema>;

export const checklistItems = [
  "name",
  "credential",
  "sync-key",
  "mapping",
  "integration-user",
  "connection-test",
] as const;

export const integrationSchema = z.object({
  id: z.uuid(),
  ...settings,
  // The request's schema checks the depth with a transformation, which cannot be run backwards for an answer.
  filter: filterSchema.extend({ rules: nestedGroupSchema.nullable() }),
  connector: z.string(),
  status: z.enum(integrationStatuses),
  softwareOutcome: z.enum(["chosen", "found", "created"]).nullable(),
  revision: z.number().int(),
  launchChecklist: z.array(z.object({ item: z.enum(checklistItems), ok: z.boolean(), message: z.string() })),
  lastTest: testOutcomeSchema.nullable(),
  lastRun: z.object({ id: z.uuid(), status: z.string(), finishedAt: instantSchema.nullable() }).nullable(),
  lastCompleteRunAt: instantSchema.nullable(),
  nextRunAt: instantSchema.nullable().describe("Of an active integration with a schedule; null otherwise."),
  nextRuns: z.array(instantSchema).describe("The next three."),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Integration = z.infer<typeof integrationSchema>;

export const revisionSchema = z.object({
  number: z.number().int(),
  changedAt: instantSchema,
  changedBy: z.string().nullable().describe("Name of the account."),
  diff: z
    .array(z.object({ pointer: z.string(), before: z.unknown(), after: z.unknown() }))
    .describe("Against the revision before; `before` is absent for what was added, `after` for what was removed."),
});
export type Revision = z.infer<typeof revisionSchema>;

export const revisionParamsSchema = z.object({ id: z.string().min(1).max(64), number: z.string().min(1).max(16) });
export const listRevisionsQuerySchema = listQuerySchema.pick({ limit: true, cursor: true });

export const previewMappingSchema = z
  .strictObject({ mapping: mappingSchema.optional(), filter: filterSchema.optional() })
  .nullish();

export const mappingPreviewSchema = z.object({
  fetchedAt: instantSchema,
  fetched: z.number().int(),
  passing: z.number().int().describe("How many of the fetched records pass the filter."),
  records: z.array(
    z.object({
      key: z.string().nullable().describe("Null when the record has no readable id."),
      outcome: z.enum(["mapped", "filtered", "rejected"]),
      source: z.record(z.string(), z.unknown()).describe("The connector's and custom fields of the record."),
      person: z.record(z.string(), z.unknown()),
      saas: z.record(z.string(), z.unknown()),
      problems: z.array(z.object({ code: z.string(), target: z.string(), source: z.string(), message: z.string() })),
    }),
  ),
});
export type MappingPreview = z.infer<typeof mappingPreviewSchema>;
