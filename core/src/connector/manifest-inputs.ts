import { z } from "zod";

/** The connection form of a connector: typed inputs, from which the console builds its fields and the server its checks. */

export const nameSchema = z
  .string()
  .max(64)
  .regex(/^[a-z][A-Za-z0-9_]*$/, "must start with a lower-case letter and hold only letters, digits and _");

export const fromInputSchema = z
  .strictObject({
    from: z
      .string()
      .regex(/^inputs\.[a-z][A-Za-z0-9_]*$/, "must be inputs.<name>")
      .describe("inputs.<name>: the value an operator gave for that input."),
  })
  .describe("The only substitution there is: the value of an input.");
export type FromInput = z.infer<typeof fromInputSchema>;

const common = {
  label: z.string().min(1).max(80).describe("The field's name in the form."),
  help: z.string().min(1).max(600).describe("What to enter, and where to find it."),
};
const optional = z.boolean().default(false).describe("May be left empty.");

export const inputSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("url"),
        ...common,
        optional,
        default: z.url().optional().describe("Used when nothing is entered."),
      })
      .describe("An absolute http or https address without query, fragment or user name."),
    z
      .strictObject({
        kind: z.literal("integer"),
        ...common,
        optional,
        default: z.int().optional().describe("Used when nothing is entered."),
        min: z.int().describe("The smallest value accepted."),
        max: z.int().describe("The largest value accepted."),
      })
      .describe("A whole number within bounds."),
    z
      .strictObject({
        kind: z.literal("text"),
        ...common,
        optional,
        secret: z.boolean().default(false).describe("Kept in the vault, write-only."),
        default: z.string().max(1024).optional().describe("Used when nothing is entered; never for a secret."),
      })
      .describe("One line of text."),
    z
      .strictObject({
        kind: z.literal("choice"),
        ...common,
        choices: z
          .array(
            z.strictObject({
              value: z.string().min(1).max(64).describe("The value as stored."),
              label: z.string().min(1).max(160).describe("What the form shows."),
            }),
          )
          .min(2)
          .max(20)
          .describe("The values to choose from."),
        default: z.string().describe("The value chosen when nothing is entered."),
      })
      .describe("One of a few values."),
    z
      .strictObject({
        kind: z.literal("list"),
        ...common,
        items: z.enum(["integer", "text"]).describe("The kind of every entry."),
        all: z
          .boolean()
          .default(false)
          .describe('Accepts the word "all" in place of a list; then nothing is restricted.'),
        default: z
          .union([z.literal("all"), z.array(z.union([z.string(), z.int()])).max(1000)])
          .describe("Used when nothing is entered."),
      })
      .describe("Several values."),
    z
      .strictObject({
        kind: z.literal("yes-no"),
        ...common,
        default: z.boolean().describe("Used when nothing is entered."),
      })
      .describe("Yes or no."),
  ])
  .describe("One field of the connection form.");
export type ConnectorInput = z.infer<typeof inputSchema>;

/** An input's value: null is an optional input left empty; "all" only where a list accepts it. */
export type InputValue = string | number | boolean | readonly (string | number)[] | null;
export type InputValues = Readonly<Record<string, InputValue>>;
