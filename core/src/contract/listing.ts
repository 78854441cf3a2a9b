import { z } from "zod";

/** What every list call accepts. The cursor is opaque and belongs to one sort order and filter. */
export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(2000).optional(),
  sort: z.string().max(64).optional().describe("A field's name, with a leading - for descending order."),
  q: z.string().max(200).optional().describe("Text to search for."),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int(),
    totalIsMinimum: z
      .literal(true)
      .optional()
      .describe(
        "There are at least `total`, probably more: a search or filter of many thousand people or users is not counted to its end.",
      ),
  });
}

export type ListOf<Item> = {
  readonly data: Item[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsMinimum?: true | undefined;
};

export const idParamsSchema = z.object({ id: z.string().min(1).max(64) });

/** An instant, ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();
