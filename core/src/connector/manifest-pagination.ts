import { z } from "zod";
import { pointerSchema } from "./json-pointer.ts";
import { fromInputSchema } from "./manifest-inputs.ts";

/**
 * How a listing goes on and, above all, how its end is proven. Every kind needs positive evidence on every page; the mere
 * absence of "more" is what a wrong pointer looks like.
 */

const param = z.string().regex(/^[A-Za-z0-9_.$[\]-]{1,64}$/, "must be a query parameter's name");
const size = z.union([z.int().min(1).max(10_000), fromInputSchema]).describe("How many records to ask for in a page.");
const total = pointerSchema
  .optional()
  .describe("The number of all records; where a page has it, it must agree with what was received.");

export const paginationSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("page-number"),
        pageParam: param.describe("The parameter for the page's number."),
        sizeParam: param.describe("The parameter for the page's size."),
        size,
        firstPage: z.int().min(0).max(1).default(1).describe("The number of the first page."),
        hasMore: pointerSchema
          .optional()
          .describe("A true or false that says whether another page follows; must then be on every page."),
        total,
        echo: z
          .strictObject({
            page: pointerSchema.optional().describe("The page's number as the vendor understood it."),
            size: pointerSchema.optional().describe("The page's size as the vendor understood it."),
            count: pointerSchema
              .optional()
              .describe("The number of records in this page (or of all, if the vendor means that)."),
          })
          .default({})
          .describe("What the vendor says back about the request."),
      })
      .describe("Numbered pages."),
    z
      .strictObject({
        kind: z.literal("start-index"),
        startParam: param.describe("The parameter for the first record's position, counted from 1."),
        sizeParam: param.describe("The parameter for the page's size."),
        size,
        total: pointerSchema.describe("The number of all records; must be on every page."),
        echo: z
          .strictObject({
            start: pointerSchema.optional().describe("The position the page starts at."),
            count: pointerSchema.optional().describe("The number of records in this page."),
          })
          .default({})
          .describe("What the vendor says back about the request."),
      })
      .describe("SCIM paging, RFC 7644 section 3.4.2.4: the next position follows from the records received."),
    z
      .strictObject({
        kind: z.literal("cursor"),
        param: param.describe("The parameter that carries the cursor."),
        container: pointerSchema.describe("The object that holds the cursor; must be on every page."),
        cursor: pointerSchema.describe(
          "The cursor, as a pointer from the page's root; absent, null or empty ends the listing.",
        ),
        sizeParam: param.optional().describe("The parameter for the page's size."),
        size: size.optional(),
        total,
      })
      .describe("An opaque cursor in every page."),
    z
      .strictObject({
        kind: z.literal("next-link"),
        container: pointerSchema.describe("The object that holds the link; must be on every page."),
        link: pointerSchema.describe(
          "The next page's address, as a pointer from the page's root; absent or null ends the listing.",
        ),
        sizeParam: param.optional().describe("The parameter for the page's size in the first request."),
        size: size.optional(),
        total,
      })
      .describe("A link to the next page; followed only on the host of the API."),
    z
      .strictObject({
        kind: z.literal("single"),
        because: z
          .string()
          .min(10)
          .max(300)
          .describe("Why one answer is the whole list, with the vendor's word for it."),
        total,
      })
      .describe("One answer holds everything."),
  ])
  .describe("How the listing goes on, and how its end is proven.");
export type Pagination = z.infer<typeof paginationSchema>;
