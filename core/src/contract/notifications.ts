import { z } from "zod";
import { instantSchema, listQuerySchema } from "./listing.ts";

/** What people are told about; each is a state of its own for each integration, credential or destination, or the scheduler. */
export const alarmTriggers = [
  "failed",
  "incomplete",
  "timed_out",
  "did_not_start",
  "needs_review",
  "stale",
  "credential_expiring",
  "scheduler_dead",
  "push_stopped",
] as const;
export type AlarmTrigger = (typeof alarmTriggers)[number];

export const outboxStates = ["waiting", "sending", "sent", "failed", "skipped"] as const;

export const notificationSchema = z.object({
  id: z.uuid(),
  messageId: z.uuid().describe("The same for everybody who is told, and the id of the webhook."),
  at: instantSchema,
  kind: z.enum(["raised", "recovered"]),
  trigger: z.enum(alarmTriggers),
  title: z.string(),
  reason: z.string(),
  nextStep: z.string(),
  integrationId: z.uuid().nullable(),
  credentialId: z.uuid().nullable(),
  destinationId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  path: z.string().describe("Of the page to look at, below the public address."),
  readAt: instantSchema.nullable(),
  account: z.object({ id: z.uuid(), name: z.string() }).describe("Who is told."),
  email: z
    .object({ state: z.enum(outboxStates), sentAt: instantSchema.nullable(), problem: z.string().nullable() })
    .nullable()
    .describe(
      "Null when no e-mail goes with it: no address, or unsubscribed; or when it was sent so long ago that its record is deleted.",
    ),
});
export type Notification = z.infer<typeof notificationSchema>;

const yesOrNo = z.enum(["true", "false"]);

export const listNotificationsQuerySchema = listQuerySchema.extend({
  all: yesOrNo.optional().describe("Everybody's notifications; needs the permission settings.read."),
  unread: yesOrNo.optional(),
  integrationId: z.uuid().optional(),
  trigger: z.enum(alarmTriggers).optional(),
});
export type ListNotificationsQuery = z.infer<typeof listNotificationsQuerySchema>;

export const unreadCountSchema = z.object({ unread: z.number().int() });
export const readAllSchema = z.object({ read: z.number().int().describe("How many were unread.") });

export const notificationPreferencesSchema = z.strictObject({
  email: z.boolean().describe("False: unsubscribed. Notifications then appear in the console alone."),
});

export const contactProblems = ["disabled", "restricted", "unsubscribed", "no-email"] as const;
export type ContactProblem = (typeof contactProblems)[number];

/** Whether the contacts of an integration will hear of trouble. */
export const contactsSchema = z.object({
  contacts: z.array(
    z.object({
      accountId: z.uuid(),
      name: z.string(),
      email: z.string().nullable(),
      inApp: z.boolean(),
      byEmail: z.boolean(),
      problems: z
        .array(z.enum(contactProblems))
        .describe("disabled: cannot sign in. restricted: the role may not see runs. Both are told nothing at all."),
    }),
  ),
  administratorsInstead: z.boolean().describe("No contact can be told, so the administrators are."),
  emailSetUp: z.boolean().describe("False: SMTP_URL is not set, and nobody gets e-mail."),
});
export type Contacts = z.infer<typeof contactsSchema>;
