import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { listRunErrorsQuerySchema, RunError } from "@rollcall/core/contract/runs.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { readPage } from "../../postgres/read-page.ts";
import { runErrorText } from "./run-error-text.ts";

type RunErrorsQuery = z.infer<typeof listRunErrorsQuerySchema>;
type RunErrorRow = Omit<RunError, "message" | "nextStep">;

const errorKeyset: Keyset = {
  list: "run-errors",
  sorts: { id: { value: sql`e.id`, type: "bigint" } },
  defaultSort: "id",
  id: { value: sql`e.id`, type: "bigint" },
};

/** What did not fit in a run, in the order it was found; `q` looks into vendor key, field and code. */
export async function listRunErrors(
  database: Database,
  runId: string,
  query: RunErrorsQuery,
): Promise<ListOf<RunError>> {
  const { kind, q } = query;
  const pattern = containsPattern(q);
  const list = await readPage<RunErrorRow>(
    database,
    errorKeyset,
    { ...query, runId },
    {
      columns: sql`e.id, e.kind, e.vendor_key as "vendorKey", e.code, e.pointer, e.field, e.expected, e.found`,
      from: sql`run_error e`,
      where: [
        sql`e.run_id = ${runId}`,
        ...(kind === undefined ? [] : [sql`e.kind = ${kind}`]),
        ...(pattern === null
          ? []
          : [sql`(e.vendor_key ilike ${pattern} or e.field ilike ${pattern} or e.code ilike ${pattern})`]),
      ],
    },
  );
  return { ...list, data: list.data.map(toRunError) };
}

const batchSize = 500;

/** All errors of a list, batch by batch: memory stays flat however many there are. */
export async function* allRunErrors(
  database: Database,
  runId: string,
  query: Pick<RunErrorsQuery, "kind" | "q" | "sort">,
): AsyncGenerator<readonly RunError[]> {
  let cursor: string | undefined;
  do {
    const { data, nextCursor }: ListOf<RunError> = await listRunErrors(database, runId, {
      ...query,
      limit: batchSize,
      cursor,
    });
    yield data;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function toRunError({ id, kind, vendorKey, code, pointer, field, expected, found }: RunErrorRow): RunError {
  const { meaning, nextStep } = runErrorText(code);
  return { id, kind, vendorKey, code, pointer, field, expected, found, message: meaning, nextStep };
}
