import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Change, Run, RunError } from "@rollcall/core/contract/runs.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions, shortListOptions } from "./list-options.ts";

export const runsOptions = (query: QueryValues = {}) => listOptions<Run>("/runs", query);
/** Always asked for anew: an undo or an approval may have ended meanwhile. */
export const runOptions = (id: string) => ({ ...itemOptions<Run>(runPath(id)), staleTime: 0 });
export const runChangesOptions = (id: string, query: QueryValues = {}) =>
  listOptions<Change>(`${runPath(id)}/changes`, query);
export const runErrorsOptions = (id: string, query: QueryValues = {}) =>
  listOptions<RunError>(`${runPath(id)}/errors`, query);

/** The path of a run's calls; an id comes from the address bar and may hold anything. */
export function runPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** How many problems a run has. */
export function runErrorCountOptions(id: string) {
  return queryOptions({
    queryKey: [`${runPath(id)}/errors`, "count"] as const,
    queryFn: async ({ signal }) =>
      (await callApi<ListOf<RunError>>("GET", `${runPath(id)}/errors`, { query: { limit: 1 }, signal })).total,
  });
}

/** The run that undid this one, where it is among the integration's latest; undefined when it is too long ago. */
export function undoneByOptions(run: Pick<Run, "id" | "integrationId" | "plan">) {
  return queryOptions({
    queryKey: ["/runs", "undone-by", run.id] as const,
    enabled: run.plan === "undone",
    queryFn: async ({ signal }) => {
      const query = { integrationId: run.integrationId, limit: 200 };
      const { data } = await callApi<ListOf<Run>>("GET", "/runs", { query, signal });
      return data.find(({ kind, ofRunId }) => kind === "undo" && ofRunId === run.id) ?? null;
    },
  });
}

export const cancelRun = (id: string) => callApi<Run>("POST", `${runPath(id)}/cancel`);
export const approveRun = (id: string, reason: string) =>
  callApi<Run>("POST", `${runPath(id)}/approve`, { body: { reason } });
export const rejectRun = (id: string, reason: string) =>
  callApi<Run>("POST", `${runPath(id)}/reject`, { body: reason === "" ? {} : { reason } });
export const undoRun = (id: string) => callApi<Run>("POST", `${runPath(id)}/undo`);
export const retryFailed = (id: string) => callApi<Run>("POST", `${runPath(id)}/retry-failed`);

/** The latest runs, newest first. */
export const latestRunsOptions = (query: QueryValues = {}) => shortListOptions<Run>("/runs", { limit: 60, ...query });
