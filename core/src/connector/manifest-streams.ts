import { z } from "zod";
import { pointerSchema } from "./json-pointer.ts";
import { fromInputSchema, nameSchema } from "./manifest-inputs.ts";
import { paginationSchema } from "./manifest-pagination.ts";

/** The streams of a connector: one listable collection each, with its request, its paging and where its records are. */

const fromScopeSchema = z
  .strictObject({
    from: z
      .string()
      .regex(/^(?:inputs\.[a-z][A-Za-z0-9_]*|parent)$/, "must be inputs.<name> or parent")
      .describe("inputs.<name>, or parent: the value the stream is read for (see forEach)."),
  })
  .describe("The only substitution there is.");

const segmentSchema = z.union([
  z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9._~@:+-]+$/, "must be one plain path segment")
    .refine((segment) => segment !== "." && segment !== "..", "must not be . or .."),
  fromScopeSchema,
]);

const requestSchema = z
  .strictObject({
    method: z.literal("GET").default("GET").describe("Reading is all a connector does."),
    path: z
      .array(segmentSchema)
      .min(1)
      .max(16)
      .describe("Path segments after the base address; each is encoded by itself."),
    query: z
      .record(
        z.string().regex(/^[A-Za-z0-9_.$[\]-]{1,64}$/),
        z.union([z.string().max(512), z.number(), z.boolean(), fromScopeSchema]),
      )
      .default({})
      .describe("Query parameters; one whose input is empty is left out."),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(256))
      .default({})
      .describe("Fixed headers, such as Accept; never a credential."),
  })
  .describe("The request of one page, without the paging parameters.");

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const conditionPointer = pointerSchema.describe("The value in the parent's record that is looked at.");
const compared = z.union([scalar, fromInputSchema]).describe("What it is compared with.");
const conditionSchema = z
  .union([
    z.strictObject({ pointer: conditionPointer, is: compared }).describe("Equal to."),
    z.strictObject({ pointer: conditionPointer, isNot: compared }).describe("Absent or different."),
    z.strictObject({ pointer: conditionPointer, isIn: fromInputSchema }).describe("One of a list input."),
  ])
  .describe('A condition on a parent\'s record; one whose input is empty or "all" restricts nothing.');
export type ParentCondition = z.infer<typeof conditionSchema>;

const forEachSchema = z
  .strictObject({
    stream: nameSchema.describe("The parent stream, read first."),
    value: pointerSchema.describe(
      "The value to read for, in the parent's record; the stream is read once per distinct value.",
    ),
    where: z
      .array(conditionSchema)
      .max(10)
      .default([])
      .describe("Which parent records count; all conditions must hold."),
    replacedBy: fromInputSchema
      .optional()
      .describe("An input that names the value itself; when given, the parent stream is not asked."),
    everyOneOf: fromInputSchema
      .optional()
      .describe("A list input whose every entry must be found among the parents; one that is not found is a gap."),
  })
  .describe("Reads the stream once for every value found in another stream.");
export type ForEach = z.infer<typeof forEachSchema>;

export const streamSchema = z
  .strictObject({
    label: z.string().min(1).max(80).describe("What a run's progress and gaps call it."),
    request: requestSchema,
    pagination: paginationSchema,
    records: pointerSchema.describe("The array of records; an absent array is an error, never an empty list."),
    recordsAbsentWhenZero: pointerSchema
      .optional()
      .describe("Only for APIs that leave the array out when this number is 0 (SCIM's totalResults)."),
    key: pointerSchema.describe("The vendor's immutable id, in the record."),
    mayBeEmpty: z.boolean().default(false).describe("An empty first page is normal for this stream."),
    forEach: forEachSchema.optional(),
  })
  .describe("One listable collection.");
export type Stream = z.infer<typeof streamSchema>;
