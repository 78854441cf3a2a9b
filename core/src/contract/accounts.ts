import { z } from "zod";
import { instantSchema } from "./listing.ts";

export const accountRoles = ["administrator", "integration-manager", "viewer"] as const;

export const createAccountSchema = z.strictObject({
  email: z.email().max(256),
  name: z.string().trim().min(1).max(128),
  role: z.enum(accountRoles).default("viewer"),
});
export type CreateAccount = z.infer<typeof createAccountSchema>;

export const updateAccountSchema = z.strictObject({
  name: z.string().trim().min(1).max(128).optional(),
  role: z.enum(accountRoles).optional(),
  status: z.enum(["active", "disabled"]).optional(),
});

export const accountSchema = z.object({
  id: z.uuid(),
  kind: z.enum(["person", "service"]),
  email: z.string().nullable(),
  name: z.string(),
  role: z.string(),
  status: z.enum(["active", "disabled"]),
  hasPassword: z.boolean().describe("Whether somebody can sign in with it; false until an invitation is accepted."),
  createdAt: instantSchema,
});
export type Account = z.infer<typeof accountSchema>;

/** An account together with its invitation. */
export const invitedAccountSchema = accountSchema.extend({
  inviteLink: z
    .string()
    .describe("To hand over; opens the page where the password is chosen, once. Shown in this answer and never again."),
});
export type InvitedAccount = z.infer<typeof invitedAccountSchema>;
