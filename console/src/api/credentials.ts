import type {
  CreateCredential,
  Credential,
  TestCredential,
  TestOutcome,
  UpdateCredential,
} from "@rollcall/core/contract/credentials.ts";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions, shortListOptions } from "./list-options.ts";

export const credentialsOptions = (query: QueryValues = {}) => listOptions<Credential>("/credentials", query);
export const allCredentialsOptions = () => shortListOptions<Credential>("/credentials", { sort: "name" });
export const credentialOptions = (id: string) => itemOptions<Credential>(`/credentials/${encodeURIComponent(id)}`);

export const createCredential = (body: CreateCredential) => callApi<Credential>("POST", "/credentials", { body });

export const updateCredential = (id: string, body: UpdateCredential) =>
  callApi<Credential>("PATCH", `/credentials/${encodeURIComponent(id)}`, { body });

export const deleteCredential = (id: string) => callApi<null>("DELETE", `/credentials/${encodeURIComponent(id)}`);

export const testCredential = (id: string, body: TestCredential = {}) =>
  callApi<TestOutcome>("POST", `/credentials/${encodeURIComponent(id)}/test`, { body });
