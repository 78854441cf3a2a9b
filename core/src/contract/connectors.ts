import { z } from "zod";
import { authorizationSchema } from "../connector/manifest-authorization.ts";
import { notProvidedSchema } from "../connector/manifest-fields.ts";
import { inputSchema } from "../connector/manifest-inputs.ts";
import { mappingSchema } from "../mapping/mapping-schema.ts";

export const listConnectorsQuerySchema = z.object({
  q: z.string().max(200).optional().describe("Text to search for in name, publisher and category."),
});

const connectorHead = {
  id: z.string(),
  name: z.string(),
  publisher: z.string(),
  category: z.string(),
  kind: z.enum(["users", "assets"]).describe("Extended > User integrations, or Asset integrations."),
};

export const connectorSummarySchema = z.object(connectorHead);
export type ConnectorSummary = z.infer<typeof connectorSummarySchema>;

export const connectorListSchema = z.object({
  data: z.array(connectorSummarySchema),
  nextCursor: z.null(),
  total: z.number().int(),
  groups: z
    .array(z.object({ kind: connectorHead.kind, label: z.string(), connectors: z.array(z.string()) }))
    .describe("The same connectors by id, grouped as the console shows them."),
});
export type ConnectorList = z.infer<typeof connectorListSchema>;

const credentialFormSchema = z.object({
  kind: z.enum(authorizationSchema.options.map((option) => option.shape.kind.value)),
  label: z.string(),
  fields: z.array(z.object({ name: z.string(), label: z.string(), help: z.string().nullable(), secret: z.boolean() })),
  local: z
    .object({ possible: z.boolean(), reason: z.string().nullable() })
    .describe("Whether a runner on the customer's machine can complete it by itself."),
});

export const connectorSchema = z.object({
  ...connectorHead,
  credentialKinds: z.array(z.string()).describe("The kinds of credential an integration of this connector takes."),
  authorization: z.array(credentialFormSchema),
  inputs: z.array(z.object({ name: z.string(), input: inputSchema })).describe("The connection form, in order."),
  fields: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      path: z.string().nullable().describe("JSON Pointer into the record; null for a tracking field."),
      type: z.enum(["text", "number", "yes-no", "date-time"]),
      tracking: z.boolean().describe("Derived from the run; never costs a write."),
    }),
  ),
  notProvided: z.array(notProvidedSchema),
  defaultMapping: mappingSchema,
  catalog: z
    .object({
      name: z.string(),
      publisher: z.string(),
      category: z.string(),
      url: z.string(),
      logo: z.string().nullable(),
    })
    .nullable(),
});
export type Connector = z.infer<typeof connectorSchema>;
