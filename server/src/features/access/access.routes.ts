import {
  apiTokenSchema,
  createApiTokenSchema,
  createdApiTokenSchema,
  rolePermissions,
  roleSchema,
} from "@rollcall/core/contract/access.ts";
import {
  accountRoles,
  accountSchema,
  createAccountSchema,
  invitedAccountSchema,
  updateAccountSchema,
} from "@rollcall/core/contract/accounts.ts";
import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { findAccount, listAccounts, listApiTokens } from "./access-queries.ts";
import { changeAccount } from "./change-account.ts";
import { createApiToken } from "./create-api-token.ts";
import { createInvitedAccount, inviteAccount } from "./invite-account.ts";
import { revokeToken } from "./revoke-token.ts";

/** Accounts, their roles, and API tokens. */
export async function accessRoutes(app: App, parts: AppParts): Promise<void> {
  accountRoutes(app, parts);
  tokenRoutes(app, parts);

  app.get(
    "/roles",
    {
      config: { permission: "account.read", audit: "none" },
      schema: { tags: ["accounts"], response: { 200: listOf(roleSchema) } },
    },
    async () => {
      const data = accountRoles.map((name) => ({
        name,
        label: name.replace("-", " "),
        permissions: [...rolePermissions[name]],
      }));
      return { data, nextCursor: null, total: data.length };
    },
  );
}

function accountRoutes(app: App, { database, config, now }: AppParts): void {
  const tags = ["accounts"];
  const linkParts = () => ({ publicUrl: config.publicUrl, now: now() });

  app.get(
    "/accounts",
    {
      config: { permission: "account.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(accountSchema) } },
    },
    async ({ query }) => await listAccounts(database, query),
  );

  app.post(
    "/accounts",
    {
      config: { permission: "account.write", audit: "account.create" },
      schema: { tags, body: createAccountSchema, response: { 201: invitedAccountSchema } },
    },
    async ({ actor, body }, reply) =>
      await reply.code(201).send(await createInvitedAccount(database, actor, body, linkParts())),
  );

  app.post(
    "/accounts/:id/invite",
    {
      config: { permission: "account.write", audit: "account.invite" },
      schema: { tags, params: idParamsSchema, response: { 200: invitedAccountSchema } },
    },
    async ({ actor, params }) => await inviteAccount(database, actor, params.id, linkParts()),
  );

  app.get(
    "/accounts/:id",
    {
      config: { permission: "account.read", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: accountSchema } },
    },
    async ({ params }) => {
      const account = await findAccount(database, params.id);
      if (account === undefined) {
        throw new ProductError("account.not_found", `There is no account ${params.id}.`);
      }
      return account;
    },
  );

  app.patch(
    "/accounts/:id",
    {
      config: { permission: "account.write", audit: "account.update" },
      schema: { tags, params: idParamsSchema, body: updateAccountSchema, response: { 200: accountSchema } },
    },
    async ({ actor, params, body }) => await changeAccount(database, actor, params.id, body),
  );
}

function tokenRoutes(app: App, { database, now }: AppParts): void {
  const tags = ["api tokens"];

  app.get(
    "/api-tokens",
    {
      config: { permission: "api_token.read", audit: "none" },
      schema: { tags, querystring: listQuerySchema, response: { 200: listOf(apiTokenSchema) } },
    },
    async ({ actor, query }) =>
      await listApiTokens(database, query, actor.permissions.has("account.write") ? null : actor.accountId),
  );

  app.post(
    "/api-tokens",
    {
      config: { permission: "api_token.write", audit: "api_token.create" },
      schema: { tags, body: createApiTokenSchema, response: { 201: createdApiTokenSchema } },
    },
    async ({ actor, body }, reply) => await reply.code(201).send(await createApiToken(database, actor, body)),
  );

  app.delete(
    "/api-tokens/:id",
    {
      config: { permission: "api_token.write", audit: "api_token.revoke" },
      schema: { tags, params: idParamsSchema, response: { 200: apiTokenSchema } },
    },
    async ({ actor, params }) => await revokeToken(database, actor, params.id, now()),
  );
}
