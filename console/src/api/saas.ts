import type { CatalogEntry } from "@rollcall/core/contract/catalog.ts";
import type {
  CreateSoftware,
  RemovalCandidate,
  SaasStatistics,
  SaasUser,
  Software,
  UpdateSoftware,
} from "@rollcall/core/contract/saas.ts";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions, shortListOptions } from "./list-options.ts";

export const softwareOptions = (query: QueryValues = {}) => listOptions<Software>("/saas", query);
export const allSoftwareOptions = () => shortListOptions<Software>("/saas", { sort: "name" });
export const softwareItemOptions = (id: string) => itemOptions<Software>(`/saas/${id}`);
export const saasUsersOptions = (id: string, query: QueryValues = {}) =>
  listOptions<SaasUser>(`/saas/${id}/users`, query);
export const saasStatisticsOptions = (id: string) => itemOptions<SaasStatistics>(`/saas/${id}/statistics`);
export const removalListOptions = (id: string, query: QueryValues = {}) =>
  listOptions<RemovalCandidate>(`/saas/${id}/removal-list`, query);
export const catalogOptions = (query: QueryValues = {}) => listOptions<CatalogEntry>("/catalog", query);
export const allCatalogOptions = () => shortListOptions<CatalogEntry>("/catalog", { sort: "name" });
export const catalogEntryOptions = (id: string) => itemOptions<CatalogEntry>(`/catalog/${id}`);

export const createSoftware = (body: CreateSoftware) => callApi<Software>("POST", "/saas", { body });
export const updateSoftware = (id: string, body: UpdateSoftware) => callApi<Software>("PATCH", `/saas/${id}`, { body });
export const updateSaasUser = (softwareId: string, userId: string, status: SaasUser["status"]) =>
  callApi<SaasUser>("PATCH", `/saas/${softwareId}/users/${userId}`, { body: { status } });
