import { z } from "zod";

export const catalogEntrySchema = z.object({
  id: z.uuid(),
  key: z.string(),
  name: z.string(),
  publisher: z.string(),
  category: z.string(),
  url: z.string(),
  logo: z.string().nullable(),
  software: z.array(z.object({ id: z.uuid(), name: z.string() })).describe("SaaS records linked to the entry."),
});
export type CatalogEntry = z.infer<typeof catalogEntrySchema>;
