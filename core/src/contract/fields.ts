import { z } from "zod";
import { fieldTypes } from "../mapping/mapping-schema.ts";

export const fieldEntities = ["person", "saas-user"] as const;

const fieldSettings = {
  label: z.string().trim().min(1).max(128),
  mandatory: z.boolean(),
  editable: z.boolean(),
  history: z.boolean().describe("Add updates to history."),
  help: z.string().max(1024),
  choices: z.array(z.string().min(1).max(256)).min(1).max(500).nullable(),
};

export const createFieldSchema = z.strictObject({
  entity: z.enum(fieldEntities).default("person"),
  name: z
    .string()
    .regex(/^[a-z][A-Za-z0-9_]{0,63}$/, "must start with a lower-case letter and hold letters, digits and _ only")
    .optional()
    .describe("The field's name in the API; made from the label when absent."),
  label: fieldSettings.label,
  type: z.enum(fieldTypes),
  unique: z.boolean().default(false),
  mandatory: fieldSettings.mandatory.default(false),
  editable: fieldSettings.editable.default(true),
  history: fieldSettings.history.default(true),
  help: fieldSettings.help.default(""),
  choices: fieldSettings.choices.optional(),
});
export type CreateField = z.infer<typeof createFieldSchema>;

export const updateFieldSchema = z.strictObject(fieldSettings).partial();
export type UpdateField = z.infer<typeof updateFieldSchema>;

export const fieldSchema = z.object({
  id: z.uuid(),
  entity: z.enum(fieldEntities),
  name: z.string(),
  type: z.enum(fieldTypes),
  unique: z.boolean(),
  ...fieldSettings,
  builtIn: z.boolean(),
});
export type Field = z.infer<typeof fieldSchema>;

export const listFieldsQuerySchema = z.object({ entity: z.enum(fieldEntities).optional() });
