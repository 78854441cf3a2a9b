import type { JsonObject } from "../population/ironclad-user.ts";
import { type Condition, readFilter } from "./filter.ts";
import type { IroncladModes } from "./modes.ts";

export type ListQuery = {
  readonly page: number;
  readonly perPage: number;
  readonly expand: readonly string[];
  readonly filter: readonly Condition[];
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined;
  readonly fields: readonly string[] | undefined;
  readonly noCount: boolean;
  readonly lean: boolean;
};

/** Which of the parameters a listing documents; the site memberships know fewer than the others. */
export type ListSupport = "all" | "paging-expand-filter";

/**
 * The parameters of a listing, or why they are refused.
 * https://clickwrap-developer.ironcladapp.com/reference/pagination and /docs/retrieving-data-in-bulk
 */
export function readListQuery(
  parameters: URLSearchParams,
  modes: IroncladModes,
  support: ListSupport,
): { readonly kind: "query"; readonly query: ListQuery } | { readonly kind: "refused"; readonly message: string } {
  const refused = (message: string) => ({ kind: "refused", message }) as const;
  const page = readPositive(parameters.get("page"), 1);
  const perPage = readPositive(parameters.get("per_page"), modes.defaultPageSize);
  if (modes.badPaging === "400" && !(page.good && perPage.good)) return refused("`page` and `per_page` are from 1.");
  if (modes.overPageSize === "400" && perPage.value > modes.maxPageSize) {
    return refused(`\`per_page\` is at most ${modes.maxPageSize}.`);
  }
  const expand = parameters.get("expand")?.split(",") ?? [];
  if (expand.some((path) => path.split(".").length > 2)) return refused("`expand` goes at most 2 levels deep.");
  const filter = readFilter(parameters.get("filter") ?? "");
  if (filter === undefined) return refused("`filter` is not understood.");
  const sort = support === "all" ? readSort(parameters.get("sort"), modes) : undefined;
  if (sort === "refused") return refused("`sort` is not understood.");
  const flag = (name: string) => support === "all" && parameters.get(name) === "true";
  return {
    kind: "query",
    query: {
      page: page.value,
      perPage: modes.overPageSize === "honour" ? perPage.value : Math.min(perPage.value, modes.maxPageSize),
      expand,
      filter,
      sort,
      fields: support === "all" ? parameters.get("fields")?.split(",") : undefined,
      noCount: flag("no_count"),
      lean: flag("lean"),
    },
  };
}

/** Only the fields asked for, in the object's own order. */
export function projectFields(object: JsonObject, fields: readonly string[] | undefined): JsonObject {
  if (fields === undefined) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => fields.includes(key)));
}

function readPositive(text: string | null, otherwise: number): { readonly value: number; readonly good: boolean } {
  if (text === null) return { value: otherwise, good: true };
  const value = Number(text);
  const good = Number.isSafeInteger(value) && value > 0;
  return { value: good ? value : otherwise, good };
}

function readSort(text: string | null, modes: IroncladModes): ListQuery["sort"] | "refused" {
  if (text === null || modes.sortSyntax === "ignored") return undefined;
  if (modes.sortSyntax === "refused") return "refused";
  const pattern =
    modes.sortSyntax === "minus" ? /^(?<sign>-?)(?<field>[\w.]+)$/ : /^(?<field>[\w.]+)(?<sign>:asc|:desc)?$/;
  const groups = pattern.exec(text)?.groups;
  if (groups?.field === undefined) return "refused";
  return { field: groups.field, descending: groups.sign === "-" || groups.sign === ":desc" };
}
