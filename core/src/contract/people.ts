import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";

export const attributeValueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const personSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  fullName: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  role: z.string(),
  locale: z.string().nullable(),
  timeZone: z.string().nullable(),
  status: z.enum(["active", "inactive"]),
  statusReason: z.string().nullable(),
  statusRunId: z.uuid().nullable(),
  protected: z.boolean(),
  archivedAt: instantSchema.nullable(),
  attributes: z.record(z.string(), attributeValueSchema).describe("Custom fields and derived tracking fields by name."),
  integrations: z.array(
    z.object({
      integrationId: z.uuid(),
      name: z.string(),
      vendorKey: z.string(),
      active: z.boolean(),
      saasUserId: z.string().nullable(),
      softwareId: z.uuid().nullable(),
      softwareName: z.string().nullable(),
    }),
  ),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Person = z.infer<typeof personSchema>;

export const listPeopleQuerySchema = listQuerySchema.extend({
  status: z.enum(["active", "inactive", "all"]).default("all"),
  archived: z.enum(["true", "false"]).default("false"),
  integrationId: z.uuid().optional(),
  softwareId: z.uuid().optional(),
});
export type ListPeopleQuery = z.infer<typeof listPeopleQuerySchema>;

/** Absent leaves a field as it is; null clears it (never username, email or role). */
export const updatePersonSchema = z.strictObject({
  username: z.string().trim().min(1).max(256).optional(),
  email: z.string().trim().min(1).max(256).optional(),
  fullName: z.string().max(256).nullable().optional(),
  firstName: z.string().max(256).nullable().optional(),
  lastName: z.string().max(256).nullable().optional(),
  role: z.string().trim().min(1).max(256).optional(),
  locale: z.string().max(256).nullable().optional(),
  timeZone: z.string().max(256).nullable().optional(),
  status: z.enum(["active", "inactive"]).optional(),
  protected: z.boolean().optional(),
  archived: z.boolean().optional(),
  attributes: z.record(z.string(), attributeValueSchema).optional().describe("Only the named custom fields change."),
});
export type UpdatePerson = z.infer<typeof updatePersonSchema>;

export const createPersonSchema = updatePersonSchema.omit({ archived: true }).extend({
  username: z.string().trim().min(1).max(256),
  email: z.string().trim().min(1).max(256),
  role: z.string().trim().min(1).max(256).default("User"),
});
export type CreatePerson = z.infer<typeof createPersonSchema>;

export const whySchema = z.object({
  status: z.object({
    value: z.string(),
    explanation: z.string(),
    runId: z.uuid().nullable(),
    at: instantSchema.nullable(),
  }),
  values: z.array(
    z.object({
      field: z.string(),
      value: z.unknown(),
      source: z.string().describe("Connector field or path, constant, or 'edited by hand'."),
      integrationId: z.uuid().nullable(),
      integrationName: z.string().nullable(),
      runId: z.uuid().nullable(),
      actor: z.string().nullable(),
      at: instantSchema.nullable(),
    }),
  ),
});
export type Why = z.infer<typeof whySchema>;
