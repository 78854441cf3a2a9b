import { z } from "zod";
import { storableText } from "./storable-text.ts";

/** Rules that decide which records create or update; nested AND/OR groups. A filtered record is present, never missing. */

export const filterOperators = [
  "equals",
  "not-equals",
  "contains",
  "not-contains",
  "starts-with",
  "ends-with",
  "in-list",
  "not-in-list",
  "empty",
  "not-empty",
  "before",
  "after",
  "within-last-days",
  "greater",
  "less",
  "matches",
] as const;

/** Groups within groups: this deep and no deeper. */
export const filterDepthLimit = 8;

export const filterRuleSchema = z.strictObject({
  field: storableText(1, 256).describe(
    "A connector field's id, a custom field's name, or a path such as profile.status or /status.",
  ),
  operator: z
    .enum(filterOperators)
    .describe("`matches` compares the whole text with a pattern: * is any text, ? any one character."),
  value: z
    .union([storableText(0, 1024), z.number(), z.boolean(), z.array(storableText(0, 1024)).max(1000)])
    .optional()
    .describe("What to compare with; none for empty and not-empty. Dates are ISO 8601 (2026-01-31)."),
});
export type FilterRule = z.infer<typeof filterRuleSchema>;

export type FilterGroup = { all: FilterNode[] } | { any: FilterNode[] };
export type FilterNode = FilterRule | FilterGroup;

/** A group already known to be within the depth limit, as it is given back. */
export const nestedGroupSchema: z.ZodType<FilterGroup> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(filterNodeSchema).min(1).max(50) }),
    z.strictObject({ any: z.array(filterNodeSchema).min(1).max(50) }),
  ]),
);
const filterNodeSchema: z.ZodType<FilterNode> = z.union([filterRuleSchema, nestedGroupSchema]);

/** The depth is checked before the recursive schema sees the input, so that no input can exhaust the stack. */
export const filterGroupSchema: z.ZodType<FilterGroup> = z.preprocess((input, context) => {
  if (isWithinDepth(input, filterDepthLimit)) return input;
  context.addIssue({
    code: "custom",
    message: `Groups are nested more than ${filterDepthLimit} deep; put rules of the same kind into one group.`,
  });
  return z.NEVER;
}, nestedGroupSchema);

export const filterSchema = z.strictObject({
  mode: z.enum(["always", "if"]).default("always"),
  rules: filterGroupSchema.nullable().default(null),
  restoreArchived: z.boolean().default(false),
});
export type Filter = z.infer<typeof filterSchema>;

function isWithinDepth(node: unknown, left: number): boolean {
  if (typeof node !== "object" || node === null) return true;
  const children = "all" in node ? node.all : "any" in node ? node.any : null;
  if (!Array.isArray(children)) return true;
  return left > 0 && children.every((child) => isWithinDepth(child, left - 1));
}
