import type { AnswerDispute, Dispute } from "@rollcall/core/contract/disputes.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi, type QueryValues } from "./client.ts";
import { listOptions } from "./list-options.ts";

const disputesPath = (integrationId: string) => `/integrations/${encodeURIComponent(integrationId)}/disputes`;
const answerPath = ({ integrationId, vendorKey }: Pick<Dispute, "integrationId" | "vendorKey">) =>
  `${disputesPath(integrationId)}/${encodeURIComponent(vendorKey)}/answer`;

export const disputesOptions = (integrationId: string, query: QueryValues = {}) =>
  listOptions<Dispute>(disputesPath(integrationId), query);

/** How many wait for an answer. */
export function openDisputeCountOptions(integrationId: string) {
  return queryOptions({
    queryKey: [disputesPath(integrationId), "count"] as const,
    queryFn: async ({ signal }) =>
      (await callApi<ListOf<Dispute>>("GET", disputesPath(integrationId), { query: { limit: 1 }, signal })).total,
  });
}

export const answerDispute = (dispute: Dispute, body: AnswerDispute) =>
  callApi<null>("PUT", answerPath(dispute), { body });
export const askAgain = (dispute: Dispute) => callApi<null>("DELETE", answerPath(dispute));
