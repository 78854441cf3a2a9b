import { z } from "zod";
import { pointerSchema } from "./json-pointer.ts";
import { fromInputSchema, nameSchema } from "./manifest-inputs.ts";

/** What a connector offers to the mapping: fields of the record, and values derived from rows joined to it. */

/** Joined values are placed under this name in the record, beside the vendor's own fields. */
export const derivedRoot = "_derived";

export const joinSchema = z
  .strictObject({
    stream: nameSchema.describe("The stream whose records are joined to a user."),
    on: z
      .array(pointerSchema)
      .min(1)
      .max(4)
      .describe("Where the joined record holds the user's key; the first pointer with a readable id counts."),
    keep: z
      .record(nameSchema, pointerSchema)
      .describe("What is kept of a joined record, by name; everything else is forgotten."),
  })
  .describe("Rows of another stream that belong to a user.");
export type Join = z.infer<typeof joinSchema>;

export const joinRules = ["highest", "list"] as const;
export type JoinRule = (typeof joinRules)[number];

const separator = z.string().min(1).max(8).default(", ").describe("Between the entries of a list.");

export const derivedSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("joined"),
        join: nameSchema.describe("The join whose rows are used."),
        rule: z
          .union([z.enum(joinRules), fromInputSchema])
          .describe("highest: the one ranked first; list: all distinct ones, ranked, with the separator between."),
        text: z
          .array(
            z.union([
              z.string().max(16).describe("Text as it stands."),
              z.strictObject({
                from: z
                  .string()
                  .regex(/^row\.[a-z][A-Za-z0-9_]*$/)
                  .describe("row.<kept name>"),
              }),
            ]),
          )
          .min(1)
          .max(8)
          .describe("The text made of one row; a row that lacks one of its parts is left out."),
        ranking: z
          .array(z.string().min(1))
          .max(50)
          .default([])
          .describe("Texts from highest to lowest; others rank below them, in alphabetical order."),
        separator,
      })
      .describe("Made from the user's joined rows; nothing when there is no row."),
    z
      .strictObject({
        kind: z.literal("items"),
        list: pointerSchema.describe("A list in the user's own record."),
        value: z
          .array(pointerSchema)
          .min(1)
          .max(4)
          .describe('Where the text is in an item, the first that is there; "" is the item itself.'),
        rule: z
          .enum(["first", "list"])
          .describe("first: one item; list: all distinct ones with the separator between."),
        prefer: z
          .strictObject({
            pointer: pointerSchema.describe("The value in the item that is looked at."),
            is: z.union([z.string(), z.number(), z.boolean()]).describe("What it must equal."),
          })
          .optional()
          .describe("With first: an item for which this holds comes before the others."),
        separator,
      })
      .describe("Made from a list in the user's own record; nothing when the list is empty or absent."),
  ])
  .describe("A value made of several others, placed beside the vendor's own fields.");
export type Derived = z.infer<typeof derivedSchema>;

export const fieldSchema = z
  .strictObject({
    id: nameSchema.describe("The name used in mappings."),
    label: z.string().min(1).max(80).describe("The name shown on the mapping page."),
    path: pointerSchema.describe(`Where the value is in the record; /${derivedRoot}/<name> for a derived one.`),
    type: z
      .enum(["text", "number", "yes-no", "date-time"])
      .describe("A hint for the mapping page; values are typed by the target field, never by this."),
  })
  .describe("A field an operator can map.");

export const notProvidedSchema = z
  .strictObject({
    field: z.enum(["lastActivity", "status"]).describe("What the vendor's API does not give."),
    because: z.string().min(10).max(300).describe("How this is known."),
  })
  .describe("Shown as not provided by this vendor; never empty, never invented.");

const statusValue = z.union([z.string(), z.number(), z.boolean()]);

export const activitySchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }).describe("The vendor gives no status; activity is unknown."),
    z
      .strictObject({
        kind: z.literal("field"),
        path: pointerSchema.describe("Where the status is in the record."),
        active: z.array(statusValue).min(1).max(50).describe("Values that mean active."),
        inactive: z.array(statusValue).min(1).max(50).describe("Values that mean inactive."),
      })
      .describe("Read from a field; a value in neither list is unknown, never inactive."),
  ])
  .describe("How a record says whether it is active.");
