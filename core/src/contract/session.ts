import { z } from "zod";
import { permissions } from "./access.ts";
import { accountSchema } from "./accounts.ts";
import { instantSchema } from "./listing.ts";

const shortestPassword = 12;
const fewestCharacters = 5;

/** A password that somebody chooses; what else it must not be says `passwordProblem`. */
export const newPasswordSchema = z.string().min(shortestPassword).max(256);
// What somebody types as the password they have: anything may be tried.
const typedPasswordSchema = z.string().min(1).max(1024);
const linkTokenSchema = z.string().min(1).max(256).describe("What stands after the # in the one-time link.");

/** Why a password of allowed length is still too easy to guess, as the end of a sentence; undefined when it is not. */
export function passwordProblem(password: string, email: string | null): string | undefined {
  if (email !== null && password.trim().toLowerCase() === email.trim().toLowerCase()) {
    return "must not be the e-mail address";
  }
  return new Set(password).size < fewestCharacters
    ? `must have at least ${fewestCharacters} different characters`
    : undefined;
}

export const signInSchema = z.strictObject({
  email: z.string().trim().min(1).max(256),
  password: typedPasswordSchema,
});
export type SignIn = z.infer<typeof signInSchema>;

export const startSchema = z.strictObject({
  token: linkTokenSchema,
  email: z.email().max(256),
  name: z.string().trim().min(1).max(128),
  password: newPasswordSchema,
});
export type Start = z.infer<typeof startSchema>;

export const acceptInvitationSchema = z.strictObject({ token: linkTokenSchema, password: newPasswordSchema });
export type AcceptInvitation = z.infer<typeof acceptInvitationSchema>;

export const changePasswordSchema = z.strictObject({
  currentPassword: typedPasswordSchema,
  newPassword: newPasswordSchema,
});
export type ChangePassword = z.infer<typeof changePasswordSchema>;

/** Who is asking. */
export const currentSessionSchema = z.object({
  account: accountSchema,
  role: z.string(),
  permissions: z.array(z.enum(permissions)),
  csrfToken: z
    .string()
    .nullable()
    .describe("To be sent as x-csrf-token with every call but GET; null for an API token, which needs none."),
});
export type CurrentSession = z.infer<typeof currentSessionSchema>;

export const sessionSchema = z.object({
  id: z.uuid(),
  current: z.boolean().describe("Whether it is the one that asks."),
  createdAt: instantSchema,
  lastUsedAt: instantSchema,
  expiresAt: instantSchema,
  address: z.string(),
  userAgent: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;
