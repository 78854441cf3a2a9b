import { isPageFault } from "../faults/fault.ts";
import { applyPageFaults, applyWindowFaults, type Page } from "../faults/page-faults.ts";
import type { Answer } from "../http/answer.ts";
import type { JsonValue } from "../population/ironclad-user.ts";
import { type Matcher, parseFilter } from "./filter-expression.ts";
import { type OomnitzaRequest, refusal } from "./oomnitza-request.ts";

type Row = Readonly<Record<string, JsonValue>>;

/** `limit` and `skip` of a list call; 200 rows when no limit is given. */
export function windowOf({ state, parameters }: Pick<OomnitzaRequest, "state" | "parameters">) {
  const number = (name: string, otherwise: number) => {
    const value = Number(parameters.get(name) ?? otherwise);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  const limit = Math.max(1, Math.min(state.modes.maxPageSize, number("limit", 200)));
  const skip = number("skip", 0);
  return { limit, skip, page: Math.floor(skip / limit) + 1 };
}

/** A bare array, the number of all rows in `X-Total-Count`; filtered, sorted, cut to `fields`. */
export function answerList(request: OomnitzaRequest, all: Iterable<Row>): Answer {
  const { parameters, faults } = request;
  const filter = parameters.get("filter");
  const matcher: Matcher | undefined = filter === null ? () => true : parseFilter(filter);
  if (matcher === undefined) return refusal(400, "The filter cannot be read.");
  const rows = sorted([...all].filter(matcher), parameters.get("sortby"));
  const pageFaults = faults.filter(isPageFault);
  const { limit, skip, page: number } = windowOf(request);
  const window = applyWindowFaults(
    { page: number, perPage: limit, reportedPerPage: limit, addressing: "offset", offset: skip },
    pageFaults,
  );
  const names = parameters.get("fields")?.split(",");
  const page: Page = {
    page: window.page,
    perPage: window.reportedPerPage,
    offset: window.offset,
    total: String(rows.length),
    hasMore: undefined,
    rows: rows.slice(window.offset, window.offset + window.perPage).map((row) => JSON.stringify(only(row, names))),
    data: { kind: "rows" },
    next: undefined,
  };
  const spoilt = applyPageFaults(page, pageFaults);
  const body =
    spoilt.data.kind === "text"
      ? spoilt.data.text
      : spoilt.data.kind === "absent"
        ? "{}"
        : `[${spoilt.rows.join(",")}]`;
  return {
    status: 200,
    contentType: "application/json",
    body,
    headers: spoilt.total === undefined ? {} : { "x-total-count": spoilt.total },
  };
}

function only(row: Row, names: readonly string[] | undefined): Row {
  return names === undefined ? row : Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function sorted(rows: Row[], sortby: string | null): Row[] {
  const [field, direction = "asc"] = sortby?.trim().split(/\s+/) ?? [];
  if (field === undefined) return rows;
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  return rows.sort((one, other) => sign * compare(one[field] ?? null, other[field] ?? null));
}

function compare(one: JsonValue, other: JsonValue): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one ?? "").localeCompare(String(other ?? ""));
}
