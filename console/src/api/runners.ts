import type { CreateRunner, Runner, UpdateRunner } from "@rollcall/core/contract/runners.ts";
import { callApi, type QueryValues } from "./client.ts";
import { listOptions } from "./list-options.ts";

/** Asked again every few seconds, because runners come and go by themselves. */
export function runnersOptions(query: QueryValues = {}) {
  return { ...listOptions<Runner>("/runners", query), refetchInterval: 5_000 };
}

/** The answer has the code with which a machine becomes the runner, this once. */
export const createRunner = (body: CreateRunner) =>
  callApi<Runner & { readonly code: string }>("POST", "/runners", { body });

export const updateRunner = (id: string, body: UpdateRunner) =>
  callApi<Runner>("PATCH", `/runners/${encodeURIComponent(id)}`, { body });

export const deleteRunner = (id: string) => callApi<null>("DELETE", `/runners/${encodeURIComponent(id)}`);
