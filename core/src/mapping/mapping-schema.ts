import { z } from "zod";
import { storableText } from "./storable-text.ts";

/**
 * The mapping of an integration as data: from a connector's fields (sources) to inventory fields (targets).
 * Targets without a prefix are People fields (`email`, `fullName`, custom ones by their name); `saas.` ones belong to
 * the SaaS user (`saas.role`, `saas.lastActivity`, `saas.verified`).
 */

export const fieldTypes = ["short-text", "long-text", "number", "decimal", "date-time", "yes-no", "choice"] as const;

export const mappingFunctionSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("lower") }),
  z.strictObject({ name: z.literal("upper") }),
  z.strictObject({ name: z.literal("trim") }),
  z
    .strictObject({
      name: z.literal("split"),
      separator: storableText(1, 16),
      index: z.int().min(-100).max(100).optional(),
    })
    .describe("Splits text; with an index gives that part (negative counts from the end), without one the list."),
  z.strictObject({ name: z.literal("join"), separator: storableText(0, 16) }),
  z
    .strictObject({ name: z.literal("date-parse"), format: storableText(1, 40) })
    .describe(
      "Reads a date by a pattern of yyyy, MM, dd, HH, mm, ss, or `unix` / `unix-ms`; the result is ISO 8601 in UTC.",
    ),
  z.strictObject({ name: z.literal("date-format"), format: storableText(1, 40) }),
  z.strictObject({ name: z.literal("default"), value: storableText(0, 1024) }),
  z
    .strictObject({
      name: z.literal("map-table"),
      table: z
        .record(storableText(0, 1024), storableText(0, 1024))
        .refine((table) => Object.keys(table).length <= 1000, { error: "A table has at most 1,000 rows." }),
      otherwise: storableText(0, 1024).nullable().optional(),
    })
    .describe(
      "Replaces values by a table, exactly as written. A value not in it: `otherwise`, or without one as it was.",
    ),
  z.strictObject({ name: z.literal("first-name") }),
  z.strictObject({ name: z.literal("last-name") }),
  z.strictObject({ name: z.literal("boolean"), trueValues: z.array(storableText(1, 256)).max(20).optional() }),
]);
export type MappingFunction = z.infer<typeof mappingFunctionSchema>;

export const fieldPolicies = ["always", "on-create", "when-empty", "not-over-manual"] as const;
export type FieldPolicy = (typeof fieldPolicies)[number];

export const mappingRuleSchema = z.strictObject({
  source: storableText(1, 256).describe(
    "A connector field's id, a custom field's name, a tracking field, or a constant such as {{\"User\"}}.",
  ),
  target: storableText(1, 128).describe("The inventory field's name."),
  syncKey: z.int().min(1).max(9).optional().describe("Priority as a sync key: 1 is tried first and is written."),
  writeSyncKey: z.boolean().optional().describe("For sync keys after the first: also write the value (default no)."),
  policy: z.enum(fieldPolicies).optional().describe("When the value may be written (default always)."),
  functions: z.array(mappingFunctionSchema).max(10).optional(),
});
export type MappingRule = z.infer<typeof mappingRuleSchema>;

export const customFieldSchema = z.strictObject({
  name: storableText(1, 128),
  path: storableText(1, 512).describe(
    'A path into the vendor\'s record: status, profile.field_1, {{profile["field 2"]}}, profiles[0].provider, /profiles/0; or a constant {{"text"}}.',
  ),
});
export type CustomField = z.infer<typeof customFieldSchema>;

export const mappingSchema = z.strictObject({
  rules: z.array(mappingRuleSchema).max(200),
  customFields: z.array(customFieldSchema).max(100).default([]),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** An inventory field as the mapping needs to know it: `name` is the target's name, with the `saas.` prefix for SaaS users. */
export type TargetField = {
  readonly name: string;
  readonly label: string;
  readonly type: (typeof fieldTypes)[number];
  readonly unique: boolean;
  readonly mandatory: boolean;
  /** For `choice`; absent or empty means that any short text is a choice. */
  readonly choices?: readonly string[];
};

/** A field the connector offers: `path` is a JSON Pointer (RFC 6901) into the joined record. */
export type SourceField = { readonly id: string; readonly label: string; readonly path: string };

/** A value as stored in the inventory; date-times are ISO 8601 UTC text with milliseconds, decimals stay text. */
export type TargetValue = string | number | boolean | null;

/** A value that did not fit its field: the field is left as it was. `found` is redacted to its kind and length. */
export type FieldValueProblem = {
  readonly code: string;
  readonly target: string;
  readonly source: string;
  readonly expected: string;
  readonly found: string;
};

/** What mapping makes of one vendor record. */
export type MapOutcome =
  | {
      readonly kind: "mapped";
      readonly key: string;
      /** Fields to write; absent means leave as it was, null means clear. */
      readonly person: Readonly<Record<string, TargetValue>>;
      /** SaaS-user fields without the `saas.` prefix. */
      readonly saas: Readonly<Record<string, TargetValue>>;
      /** Values of the sync keys in order of priority, as mapped (not yet normalized); null where empty and not the first. */
      readonly syncKeys: readonly (string | null)[];
      readonly activity: "active" | "inactive" | "unknown";
      readonly problems: readonly FieldValueProblem[];
      /**
       * Present when a mandatory field is left out because its stream was not read completely: a known person may be
       * updated from this record, a new one must not be created from it.
       */
      readonly notCreatable?: readonly FieldValueProblem[];
    }
  | { readonly kind: "filtered"; readonly key: string }
  | {
      readonly kind: "rejected";
      /** Null when the record has no readable key: the run cannot know whom it saw (a coverage gap). */
      readonly key: string | null;
      readonly problem: FieldValueProblem;
      readonly others: readonly FieldValueProblem[];
    };
