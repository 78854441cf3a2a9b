import { membersOf } from "@rollcall/core/destination/read-answers.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Oomnitza, OomnitzaRequest } from "./open-oomnitza.ts";

/** The connector of another project asks for as many; the most that is allowed is not documented. */
const pageSize = 500;

export type RemoteRow = Readonly<Record<string, unknown>>;

type ListRequest = Pick<OomnitzaRequest, "kind" | "path" | "query"> & {
  /** What tells rows apart. */
  readonly idOfRow: (row: RemoteRow) => string | undefined;
  readonly onRow: (row: RemoteRow) => void;
};

/**
 * Reads a list page by page: bare arrays, the number of all rows in `X-Total-Count`. Complete only when every row came once and as
 * many came as were told; without a number, when an empty page ended it. What is missing from an incomplete list may be there.
 */
export async function readList(oomnitza: Oomnitza, request: ListRequest): Promise<{ readonly complete: boolean }> {
  const { kind, path, query, idOfRow, onRow } = request;
  const seen = new Set<string>();
  let received = 0;
  for (let total: number | null = null; ; ) {
    const { body, headers } = await oomnitza.ask({
      kind,
      method: "GET",
      path,
      query: { ...query, limit: pageSize, skip: received },
    });
    if (!Array.isArray(body)) {
      throw new ProductError(
        "vendor.bad_response",
        `GET /api/v3${path} answered no array. Check the address of the destination.`,
      );
    }
    const told = readTotal(headers["x-total-count"]);
    const isMoving = total !== null && told !== total;
    const before = seen.size;
    for (const element of body) {
      const row = membersOf(element);
      const id = idOfRow(row);
      received += 1;
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      onRow(row);
    }
    if (isMoving) return { complete: false };
    total = told;
    const ended = total === null ? body.length === 0 : received >= total;
    if (ended) return { complete: seen.size === received && (total === null || received === total) };
    // A page of nothing new would be followed by others for ever.
    if (seen.size === before) return { complete: false };
  }
}

function readTotal(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,12}$/.test(header) ? Number(header) : null;
}
