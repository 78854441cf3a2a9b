import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type {
  CreateIntegration,
  Integration,
  MappingPreview,
  Revision,
  UpdateIntegration,
} from "@rollcall/core/contract/integrations.ts";
import type { Contacts } from "@rollcall/core/contract/notifications.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Filter } from "@rollcall/core/mapping/filter-schema.ts";
import type { Mapping } from "@rollcall/core/mapping/mapping-schema.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi } from "./client.ts";
import { itemOptions, listOptions, shortListOptions } from "./list-options.ts";

export const allIntegrationsOptions = () => shortListOptions<Integration>("/integrations", { sort: "name" });
export const integrationOptions = (id: string) => itemOptions<Integration>(`/integrations/${encodeURIComponent(id)}`);
export const contactsOptions = (id: string) =>
  itemOptions<Contacts>(`/integrations/${encodeURIComponent(id)}/contacts`);
export const revisionsOptions = (id: string) =>
  listOptions<Revision>(`/integrations/${encodeURIComponent(id)}/revisions`);

export const createIntegration = (body: CreateIntegration) => callApi<Integration>("POST", "/integrations", { body });

export const updateIntegration = (id: string, body: UpdateIntegration, revision?: number) =>
  callApi<Integration>("PATCH", `/integrations/${encodeURIComponent(id)}`, { body, revision });

export const deleteIntegration = (id: string) => callApi<null>("DELETE", `/integrations/${encodeURIComponent(id)}`);

export type IntegrationVerb = "launch" | "pause" | "resume" | "archive";
export const moveIntegration = (id: string, verb: IntegrationVerb) =>
  callApi<Integration>("POST", `/integrations/${encodeURIComponent(id)}/${verb}`);

export const testIntegration = (id: string) =>
  callApi<TestOutcome>("POST", `/integrations/${encodeURIComponent(id)}/test`);

export const startRun = (id: string, dryRun = false) =>
  callApi<Run>("POST", `/integrations/${encodeURIComponent(id)}/runs`, { body: { dryRun } });

export const restoreRevision = (id: string, number: number) =>
  callApi<Integration>("POST", `/integrations/${encodeURIComponent(id)}/revisions/${number}/restore`);

type Draft = { readonly mapping?: Mapping; readonly filter?: Filter };

/** Real records of the vendor through a mapping that need not be saved yet. */
export const previewOptions = (id: string, draft: Draft) =>
  queryOptions({
    queryKey: [`/integrations/${encodeURIComponent(id)}/preview-mapping`, draft] as const,
    queryFn: ({ signal }) =>
      callApi<MappingPreview>("POST", `/integrations/${encodeURIComponent(id)}/preview-mapping`, {
        body: draft,
        signal,
      }),
    staleTime: 60_000,
    retry: false,
  });
