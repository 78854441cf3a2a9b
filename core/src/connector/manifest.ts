import { z } from "zod";
import { mappingRuleSchema } from "../mapping/mapping-schema.ts";
import { authorizationSchema, urlTemplateSchema } from "./manifest-authorization.ts";
import { activitySchema, derivedSchema, fieldSchema, joinSchema, notProvidedSchema } from "./manifest-fields.ts";
import { fromInputSchema, inputSchema, nameSchema } from "./manifest-inputs.ts";
import { streamSchema } from "./manifest-streams.ts";

/**
 * A connector as data: the content of `connector.yaml`. This one schema yields the TypeScript type, the JSON Schema for
 * editors, the connection form and the reference page. Rules that span several fields are in manifest-rules.ts.
 */

const catalogSchema = z
  .strictObject({
    name: z.string().min(1).max(120).describe("The application's name in the software catalog."),
    publisher: z.string().min(1).max(120).describe("Who makes it."),
    category: z.string().min(1).max(80).describe("What it is for."),
    url: z.url({ protocol: /^https$/ }).describe("The product's page."),
    logo: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe("An address of its logo."),
  })
  .describe("The software-catalog entry that an integration's SaaS record is linked to.");

const rateLimitSchema = z
  .strictObject({
    perMinute: z
      .union([z.int().min(1).max(100_000), fromInputSchema])
      .describe("Requests in any 60 seconds, shared by all integrations with the same credential."),
    concurrent: z.int().min(1).max(16).default(1).describe("Requests open at the same time."),
  })
  .describe("How fast the vendor may be asked.");

export const manifestSchema = z
  .strictObject({
    id: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "must be lower-case words joined by -")
      .describe("The connector's lasting name, equal to its folder's."),
    name: z.string().min(1).max(80).describe("The vendor application's name."),
    publisher: z.string().min(1).max(120).describe("Who makes the application."),
    category: z.string().min(1).max(80).describe("The group it is shown in."),
    kind: z.literal("users").describe("What is read: the users of an application."),
    catalog: catalogSchema.nullable().describe("Null for a connector that serves many applications."),
    authorization: z
      .array(authorizationSchema)
      .min(1)
      .max(4)
      .describe("The kinds of credential accepted, preferred first."),
    inputs: z.record(nameSchema, inputSchema).describe("The connection form, in the order shown."),
    rateLimit: rateLimitSchema,
    baseUrl: urlTemplateSchema.describe("What every request's address starts with."),
    streams: z.record(nameSchema, streamSchema).describe("The collections that are read."),
    users: nameSchema.describe("The stream whose records are the users."),
    check: nameSchema.describe("The stream whose first page proves a credential; it depends on no other stream."),
    expectEmpty: fromInputSchema.optional().describe("A yes-no input: an account without any user is expected."),
    joins: z.record(nameSchema, joinSchema).default({}).describe("Rows of other streams that belong to a user."),
    derived: z.record(nameSchema, derivedSchema).default({}).describe("Values made from joined rows."),
    fields: z.array(fieldSchema).min(1).max(200).describe("What can be mapped."),
    notProvided: z.array(notProvidedSchema).default([]).describe("What the vendor's API does not give."),
    activity: activitySchema,
    defaultMapping: z.array(mappingRuleSchema).min(1).max(200).describe("The mapping a new integration starts with."),
  })
  .describe("A Rollcall connector.");

/** A valid connector, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The JSON Schema (draft 2020-12) of `connector.yaml` as an author writes it, for editors. */
export function manifestJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...z.toJSONSchema(manifestSchema, { io: "input" }),
    title: "Rollcall connector",
  };
}
