import { z } from "zod";
import { fromInputSchema } from "./manifest-inputs.ts";

/** How requests are authorized: the kinds of credential a connector accepts and what the credential form asks for. */

export const urlTemplateSchema = z
  .strictObject({
    base: fromInputSchema.describe("The url input the address starts with."),
    path: z
      .array(
        z
          .string()
          .max(128)
          .regex(/^[A-Za-z0-9._~@:+-]+$/, "must be one plain path segment")
          .refine((segment) => segment !== "." && segment !== "..", "must not be . or .."),
      )
      .max(16)
      .default([])
      .describe("Path segments added to it."),
  })
  .describe("An address: a url input followed by path segments.");
export type UrlTemplate = z.infer<typeof urlTemplateSchema>;

const credentialField = {
  label: z.string().min(1).max(80).describe("The field's name in the credential form."),
  help: z.string().min(1).max(600).optional().describe("Where the vendor shows this value."),
};
const openField = z
  .strictObject({ ...credentialField, secret: z.literal(false).describe("Shown in full.") })
  .describe("A field that may be shown.");
const secretField = z
  .strictObject({ ...credentialField, secret: z.literal(true).describe("Kept in the vault, write-only.") })
  .describe("A field that is never shown again.");

const label = z.string().min(1).max(80).describe("How the credential form calls this kind.");

export const authorizationSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("oauth2-client-credentials"),
        label,
        fields: z
          .strictObject({ clientId: openField, clientSecret: secretField })
          .describe("What the operator enters."),
        tokenUrl: urlTemplateSchema.describe("Where the token is minted."),
        encoding: z
          .union([z.enum(["form", "json"]), fromInputSchema])
          .describe("How the token request's body is written; RFC 6749 section 4.4.2 says form."),
        clientAuthentication: z
          .union([z.enum(["body", "basic"]), fromInputSchema])
          .describe("Where the client's id and secret go; RFC 6749 section 2.3.1 allows both."),
        scope: z.string().min(1).max(512).optional().describe("The scope to ask for, when the vendor needs one."),
      })
      .describe("OAuth 2.0 client credentials: a token is minted from a client id and secret."),
    z
      .strictObject({
        kind: z.literal("bearer"),
        label,
        fields: z.strictObject({ token: secretField }).describe("What the operator enters."),
      })
      .describe("A ready-made token in the Authorization header."),
    z
      .strictObject({
        kind: z.literal("basic"),
        label,
        fields: z.strictObject({ username: openField, password: secretField }).describe("What the operator enters."),
      })
      .describe("User name and password, RFC 7617."),
    z
      .strictObject({
        kind: z.literal("api-key"),
        label,
        fields: z.strictObject({ key: secretField }).describe("What the operator enters."),
        in: z.enum(["header", "query"]).describe("Where the key is sent."),
        name: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,64}$/)
          .describe("The header's or parameter's name."),
      })
      .describe("An API key in a header or a query parameter."),
  ])
  .describe("One kind of credential the connector accepts.");
export type Authorization = z.infer<typeof authorizationSchema>;
