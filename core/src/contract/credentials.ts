import { z } from "zod";
import { instantSchema } from "./listing.ts";

const secretValuesSchema = z.record(z.string().min(1).max(64), z.string().min(1).max(8192));

const expiryDateSchema = z.iso.date().refine((date) => date >= "1970-01-01", { error: "must be a date after 1970" });

export const createCredentialSchema = z.strictObject({
  name: z.string().trim().min(1).max(128),
  kind: z.string().min(1).max(64).describe("A connector's id, or api-key, basic, bearer, oauth2-client-credentials."),
  values: secretValuesSchema.describe("Write-only: no call gives them back."),
  ownerId: z.uuid().nullable().optional(),
  expiresOn: expiryDateSchema.nullable().optional(),
});
export type CreateCredential = z.infer<typeof createCredentialSchema>;

export const updateCredentialSchema = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  values: secretValuesSchema.optional().describe("Only the named values are replaced."),
  ownerId: z.uuid().nullable().optional(),
  expiresOn: expiryDateSchema.nullable().optional(),
});
export type UpdateCredential = z.infer<typeof updateCredentialSchema>;

export const testOutcomeSchema = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  message: z.string(),
  nextStep: z.string().nullable(),
  at: instantSchema,
});
export type TestOutcome = z.infer<typeof testOutcomeSchema>;

export const credentialSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.string(),
  hints: z.record(z.string(), z.string()).describe("What may be shown of each value, e.g. •••• 4f2a."),
  ownerId: z.uuid().nullable(),
  expiresOn: z.iso.date().nullable(),
  lastTest: testOutcomeSchema.nullable(),
  integrations: z.array(z.object({ id: z.uuid(), name: z.string() })),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Credential = z.infer<typeof credentialSchema>;

export const testCredentialSchema = z
  .strictObject({
    inputs: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("Connector inputs such as baseUrl; defaults to an integration that uses the credential."),
  })
  .nullish();
export type TestCredential = z.infer<typeof testCredentialSchema>;
