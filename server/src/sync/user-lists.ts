import type { Queryable } from "../postgres/database.ts";
import { maybeOne } from "../postgres/query.ts";
import type { RunCheckpoint } from "./run-checkpoint.ts";
import type { RunContext } from "./run-context.ts";

/** The lists of users that a run read at the vendor, each account's for instance; none where one list holds everybody. */
export function userListsOf({ streams }: Pick<RunContext, "streams">, { reading }: RunCheckpoint): readonly string[] {
  const primary = streams.find((stream) => stream.primary)?.name ?? "";
  const read = (reading.streams[primary]?.listings ?? []).map(({ parent }) => parent);
  return read.filter((parent) => parent !== null);
}

/** Lists of users that the integration's latest applied complete run knew of and that are not among `found`. */
export async function findGoneLists(
  on: Queryable,
  integrationId: string,
  found: readonly string[],
): Promise<readonly string[]> {
  const before = await maybeOne<{ lists: readonly string[] }>(
    on,
    `select lists from run where integration_id = $1 and lists is not null and plan in ('applied', 'approved')
     order by id desc limit 1`,
    [integrationId],
  );
  const present = new Set(found);
  return (before?.lists ?? []).filter((list) => !present.has(list));
}
