import { z } from "zod";
import { accountRoles } from "./accounts.ts";
import { instantSchema, listQuerySchema } from "./listing.ts";

/** Every permission there is, `<noun>.<verb>`. A route declares exactly one. */
export const permissions = [
  "account.read",
  "account.write",
  "api_token.read",
  "api_token.write",
  "audit.read",
  "catalog.read",
  "connector.read",
  "credential.read",
  "credential.write",
  "credential.test",
  "destination.read",
  "destination.write",
  "field.read",
  "field.write",
  "integration.read",
  "integration.write",
  "integration.launch",
  "integration.test",
  "notification.read",
  "notification.write",
  "person.read",
  "person.write",
  "run.read",
  "run.start",
  "run.cancel",
  "run.approve",
  "run.undo",
  "runner.read",
  "runner.write",
  "saas.read",
  "saas.write",
  "session.read",
  "session.write",
  "settings.read",
  "settings.write",
] as const;
export type Permission = (typeof permissions)[number];

type AccountRole = (typeof accountRoles)[number];

const reading: readonly Permission[] = permissions.filter(
  (permission) => permission.endsWith(".read") && permission !== "audit.read" && permission !== "settings.read",
);
const own: readonly Permission[] = ["api_token.write", "notification.write", "session.write"];
const administratorsOnly: ReadonlySet<Permission> = new Set([
  "account.write",
  "audit.read",
  "run.approve",
  "runner.write",
  "settings.read",
  "settings.write",
]);

/** What each role may do. Approving withheld deactivations, accounts and the audit log are the administrator's. */
export const rolePermissions: Readonly<Record<AccountRole, readonly Permission[]>> = {
  administrator: permissions,
  "integration-manager": permissions.filter((permission) => !administratorsOnly.has(permission)),
  viewer: [...reading, ...own],
};

export const roleSchema = z.object({
  name: z.enum(accountRoles),
  label: z.string(),
  permissions: z.array(z.enum(permissions)),
});

export const createApiTokenSchema = z.strictObject({
  name: z.string().trim().min(1).max(128),
  accountId: z.uuid().optional().describe("Whose token it is; your own when absent."),
  scopes: z
    .array(z.enum(["*", ...permissions]))
    .min(1)
    .max(permissions.length)
    .default(["*"])
    .describe("Permissions the token carries, never more than the account's role; * for all of them."),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((instant) => instant >= "1970-01-01", { error: "must be a time after 1970" })
    .nullable()
    .default(null),
});
export type CreateApiToken = z.infer<typeof createApiTokenSchema>;

export const apiTokenSchema = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  accountName: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  expiresAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  createdAt: instantSchema,
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

export const createdApiTokenSchema = apiTokenSchema.extend({
  token: z.string().describe("Shown in this answer and never again."),
});

export const auditEventSchema = z.object({
  id: z.string(),
  at: instantSchema,
  actorId: z.uuid().nullable(),
  actorName: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  targetId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const listAuditQuerySchema = listQuerySchema.extend({
  target: z.string().max(64).optional(),
  targetId: z.string().max(64).optional(),
  actorId: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("Not before this instant."),
  until: z.iso.datetime({ offset: true }).optional().describe("Before this instant."),
});

/** Whether history is as it was written; `broken` names the runs whose changes were edited, added or removed. */
export const historyCheckSchema = z.object({
  ok: z.boolean(),
  broken: z.array(z.object({ runId: z.uuid(), integrationId: z.uuid(), broken: z.enum(["change", "chain"]) })),
  brokenEdits: z
    .array(z.object({ changeId: z.string(), personId: z.string().nullable() }))
    .describe("What was done by hand and no longer is as it was written."),
});
export type HistoryCheck = z.infer<typeof historyCheckSchema>;
