import type { Account, CreateAccount, InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import { callApi, type QueryValues } from "./client.ts";
import { listOptions, shortListOptions } from "./list-options.ts";

export const accountsOptions = (query: QueryValues = {}) => listOptions<Account>("/accounts", query);
export const allAccountsOptions = () => shortListOptions<Account>("/accounts", { sort: "name" });

export const createAccount = (body: CreateAccount) => callApi<InvitedAccount>("POST", "/accounts", { body });

export const updateAccount = (id: string, body: Partial<Pick<Account, "name" | "role" | "status">>) =>
  callApi<Account>("PATCH", `/accounts/${encodeURIComponent(id)}`, { body });

/** A new link with which the account's password is chosen; shown once. */
export const inviteAccount = (id: string) =>
  callApi<InvitedAccount>("POST", `/accounts/${encodeURIComponent(id)}/invite`);
