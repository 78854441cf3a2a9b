import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import {
  listSaasUsersQuerySchema,
  removalCandidateSchema,
  removalListQuerySchema,
  saasUserSchema,
  updateSaasUserSchema,
} from "@rollcall/core/contract/saas.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { sendCsv, wantsCsv } from "../export/csv-export.ts";
import { listFields } from "../fields/field-queries.ts";
import { changeSaasUserStatus, saasUserNotFound } from "./change-saas-user.ts";
import { requireSoftware } from "./require-software.ts";
import { removalCsvColumns, saasUserCsvColumns } from "./saas-csv.ts";
import { findSaasUser, listRemovalCandidates, listSaasUsers } from "./saas-user-queries.ts";

const tags = ["saas"];
const reading = { permission: "saas.read", audit: "none" } as const;
const userParamsSchema = idParamsSchema.extend({ userId: idParamsSchema.shape.id });

/** The Users tab and the removal list of an application; both export as CSV. */
export function saasUserRoutes(app: App, { database, now }: AppParts): void {
  app.get(
    "/saas/:id/users",
    {
      config: reading,
      schema: {
        tags,
        params: idParamsSchema,
        querystring: listSaasUsersQuerySchema,
        response: { 200: listOf(saasUserSchema) },
      },
    },
    async ({ params, query, headers }, reply) => {
      const { id } = await requireSoftware(database, params.id);
      if (!wantsCsv(headers.accept)) {
        return await listSaasUsers(database, id, query);
      }
      const custom = (await listFields(database, "saas-user")).data.filter(({ name }) => !ownColumns.has(name));
      const { cursor: _cursor, ...filters } = query;
      const columns = saasUserCsvColumns(custom.map(({ name }) => name));
      return await sendCsv(reply, "saas-users.csv", columns, (page) =>
        listSaasUsers(database, id, { ...filters, ...page }),
      );
    },
  );

  app.patch(
    "/saas/:id/users/:userId",
    {
      config: { permission: "saas.write", audit: "saas_user.update" },
      schema: { tags, params: userParamsSchema, body: updateSaasUserSchema, response: { 200: saasUserSchema } },
    },
    async ({ actor, params, body }) => {
      const { id } = await requireSoftware(database, params.id);
      await changeSaasUserStatus(database, actor, id, params.userId, body.status);
      const user = await findSaasUser(database, id, params.userId);
      if (user === undefined) {
        throw saasUserNotFound(params.userId);
      }
      return user;
    },
  );

  app.get(
    "/saas/:id/removal-list",
    {
      config: reading,
      schema: {
        tags,
        params: idParamsSchema,
        querystring: removalListQuerySchema,
        response: { 200: listOf(removalCandidateSchema) },
      },
    },
    async ({ params, query, headers }, reply) => {
      const software = await requireSoftware(database, params.id);
      const at = now();
      if (!wantsCsv(headers.accept)) {
        return await listRemovalCandidates(database, software, query, at);
      }
      const { cursor: _cursor, ...filters } = query;
      return await sendCsv(reply, "removal-list.csv", removalCsvColumns, (page) =>
        listRemovalCandidates(database, software, { ...filters, ...page }, at),
      );
    },
  );
}

/** Fields of a SaaS user that have a column of their own. */
const ownColumns: ReadonlySet<string> = new Set(["email", "name", "role", "lastActivity"]);
