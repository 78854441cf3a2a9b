import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";
import { attributeValueSchema } from "./people.ts";

const softwareSettings = {
  name: z.string().trim().min(1).max(128),
  publisher: z.string().max(128),
  category: z.string().max(128),
  url: z.string().max(512),
  seats: z.int().min(0).max(100_000_000).nullable(),
  seatCost: z.number().min(0).max(1_000_000_000).nullable().describe("Cost of one seat for a month."),
  currency: z.string().length(3).nullable(),
};

export const createSoftwareSchema = z.strictObject({
  ...z.strictObject(softwareSettings).partial().shape,
  name: softwareSettings.name,
  catalogEntryId: z.uuid().nullable().optional(),
});
export type CreateSoftware = z.infer<typeof createSoftwareSchema>;

export const updateSoftwareSchema = z.strictObject({
  ...z.strictObject(softwareSettings).partial().shape,
  catalogEntryId: z.uuid().nullable().optional(),
});
export type UpdateSoftware = z.infer<typeof updateSoftwareSchema>;

export const softwareSchema = z.object({
  id: z.uuid(),
  ...softwareSettings,
  logo: z.string().nullable(),
  catalogEntryId: z.uuid().nullable(),
  activeUsers: z.number().int(),
  deactivatedUsers: z.number().int(),
  integrations: z.array(z.object({ id: z.uuid(), name: z.string() })),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Software = z.infer<typeof softwareSchema>;

export const saasUserSchema = z.object({
  id: z.string(),
  externalId: z.string(),
  personId: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: z.string().nullable(),
  lastActivity: z.object({ known: z.boolean(), at: instantSchema.nullable() }),
  status: z.enum(["active", "deactivated"]),
  deactivatedReason: z.string().nullable(),
  deactivatedRunId: z.uuid().nullable(),
  attributes: z.record(z.string(), attributeValueSchema),
  integrationId: z.uuid().nullable(),
  integrationName: z.string().nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type SaasUser = z.infer<typeof saasUserSchema>;

export const listSaasUsersQuerySchema = listQuerySchema.extend({
  status: z.enum(["active", "deactivated", "all"]).default("all"),
  role: z.string().max(256).optional(),
});
export type ListSaasUsersQuery = z.infer<typeof listSaasUsersQuerySchema>;

export const updateSaasUserSchema = z.strictObject({ status: z.enum(["active", "deactivated"]) });

export const saasStatisticsSchema = z.object({
  active: z.number().int().describe("Users that are not deactivated."),
  deactivated: z.number().int(),
  activity: z.object({
    within30Days: z.number().int().describe("All of them in whole days of UTC."),
    idle30: z.number().int().describe("Last active 30 to 59 days ago."),
    idle60: z.number().int().describe("Last active 60 to 89 days ago."),
    idle90: z.number().int().describe("Last active 90 days ago or longer."),
    unknown: z.number().int().describe("The vendor does not tell; never counted as idle."),
  }),
  seats: z.object({ bought: z.number().int().nullable(), used: z.number().int(), free: z.number().int().nullable() }),
  monthlyCost: z.object({
    used: z.number().nullable(),
    unused: z.number().nullable(),
    currency: z.string().nullable(),
  }),
});
export type SaasStatistics = z.infer<typeof saasStatisticsSchema>;

export const removalListQuerySchema = listQuerySchema.extend({
  idleDays: z.coerce.number().int().min(1).max(3650).default(90),
});

export const removalCandidateSchema = z.object({
  saasUserId: z.string(),
  personId: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  reason: z.enum(["idle", "left-the-company"]),
  lastActivity: z.object({ known: z.boolean(), at: instantSchema.nullable() }),
  monthlyCost: z.number().nullable(),
});
export type RemovalCandidate = z.infer<typeof removalCandidateSchema>;
