import { idParamsSchema, listOf } from "@rollcall/core/contract/listing.ts";
import {
  contactsSchema,
  listNotificationsQuerySchema,
  notificationPreferencesSchema,
  notificationSchema,
  readAllSchema,
  unreadCountSchema,
} from "@rollcall/core/contract/notifications.ts";
import { settingsSchema } from "@rollcall/core/contract/settings.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import type { Queryable } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { integrationNotFound } from "../runs/start-run.ts";
import { countUnread, findContacts, findNotification, listNotifications, wantsEmail } from "./notification-queries.ts";
import { markAllRead, markRead, savePreference } from "./notification-store.ts";
import { readMailState } from "./outbox-store.ts";

/** What people were told, who is told, and how. */
export async function notificationRoutes(app: App, parts: AppParts): Promise<void> {
  readingRoutes(app, parts);
  settingRoutes(app, parts);
}

const tags = ["notifications"];

function readingRoutes(app: App, { database, now }: AppParts): void {
  app.get(
    "/notifications",
    {
      config: { permission: "notification.read", audit: "none" },
      schema: { tags, querystring: listNotificationsQuerySchema, response: { 200: listOf(notificationSchema) } },
    },
    async ({ actor, query }) => {
      const all = query.all === "true";
      if (all && !actor.permissions.has("settings.read")) {
        throw new ProductError(
          "access.forbidden",
          "Everybody's notifications need the permission settings.read. Leave all=true out to read your own.",
          { details: { permission: "settings.read" } },
        );
      }
      return await listNotifications(database, query, all ? null : actor.accountId);
    },
  );

  app.get(
    "/notifications/unread-count",
    {
      config: { permission: "notification.read", audit: "none" },
      schema: { tags, response: { 200: unreadCountSchema } },
    },
    async ({ actor }) => ({ unread: await countUnread(database, actor.accountId) }),
  );

  app.post(
    "/notifications/:id/read",
    {
      config: { permission: "notification.write", audit: "none" },
      schema: { tags, params: idParamsSchema, response: { 200: notificationSchema } },
    },
    async ({ actor, params }) =>
      await inTransaction(database, async (transaction) => {
        const { id } = await existing(transaction, params.id, actor.accountId);
        await markRead(transaction, id, actor.accountId, now());
        return await existing(transaction, id, actor.accountId);
      }),
  );

  app.post(
    "/notifications/read-all",
    {
      config: { permission: "notification.write", audit: "none" },
      schema: { tags, response: { 200: readAllSchema } },
    },
    async ({ actor }) => ({
      read: await inTransaction(database, (transaction) => markAllRead(transaction, actor.accountId, now())),
    }),
  );
}

function settingRoutes(app: App, { database, config }: AppParts): void {
  app.get(
    "/notifications/preferences",
    {
      config: { permission: "notification.read", audit: "none" },
      schema: { tags, response: { 200: notificationPreferencesSchema } },
    },
    async ({ actor }) => ({ email: await wantsEmail(database, actor.accountId) }),
  );

  app.put(
    "/notifications/preferences",
    {
      config: { permission: "notification.write", audit: "notification.preferences" },
      schema: { tags, body: notificationPreferencesSchema, response: { 200: notificationPreferencesSchema } },
    },
    async ({ actor: { accountId }, body }) => {
      await inTransaction(database, async (transaction) => {
        await savePreference(transaction, accountId, body.email);
        await recordAudit(transaction, {
          actorId: accountId,
          action: "notification.preferences",
          target: "account",
          targetId: accountId,
          details: body,
        });
      });
      return body;
    },
  );

  app.get(
    "/integrations/:id/contacts",
    {
      config: { permission: "integration.read", audit: "none" },
      schema: { tags: ["integrations"], params: idParamsSchema, response: { 200: contactsSchema } },
    },
    async ({ params }) => {
      const contacts = await findContacts(database, params.id, config.emailSetUp);
      if (contacts === undefined) {
        throw integrationNotFound(params.id);
      }
      return contacts;
    },
  );

  app.get(
    "/settings",
    {
      config: { permission: "settings.read", audit: "none" },
      schema: { tags: ["settings"], response: { 200: settingsSchema } },
    },
    async () => ({
      publicUrl: config.publicUrl,
      email: { setUp: config.emailSetUp, from: config.mailFrom, ...(await readMailState(database)) },
    }),
  );
}

async function existing(on: Queryable, id: string, accountId: string) {
  const notification = await findNotification(on, id, accountId);
  if (notification === undefined) {
    throw new ProductError("notification.not_found", `You have no notification ${id}. List your notifications.`);
  }
  return notification;
}
