import type { ApiToken, CreateApiToken } from "@rollcall/core/contract/access.ts";
import { callApi, type QueryValues } from "./client.ts";
import { listOptions } from "./list-options.ts";

export const apiTokensOptions = (query: QueryValues = {}) => listOptions<ApiToken>("/api-tokens", query);

/** The answer has the token itself, this once. */
export const createApiToken = (body: CreateApiToken) =>
  callApi<ApiToken & { readonly token: string }>("POST", "/api-tokens", { body });

export const revokeApiToken = (id: string) => callApi<ApiToken>("DELETE", `/api-tokens/${encodeURIComponent(id)}`);
