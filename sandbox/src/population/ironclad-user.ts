/** What the sandbox puts on the wire, so that anything JSON can hold may be seeded. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** https://clickwrap-developer.ironcladapp.com/reference/retrieve-user-memberships-for-an-account-1 */
export type IroncladProfile = {
  readonly id: string;
  readonly provider: string;
  readonly displayName: string | null;
  readonly emails: readonly string[];
  readonly photos: readonly string[];
  readonly created_time: string;
  readonly updated_time: string;
};

/**
 * A user as the account's member list answers it. No field is documented as required or nullable, so all but the id
 * and the e-mail may be null or absent (assumption U13).
 */
export type IroncladUser = {
  readonly id: number;
  readonly email: string;
  readonly name?: string | null;
  readonly locale?: string | null;
  readonly time_zone?: string | null;
  readonly verified?: boolean | null;
  readonly verified_time?: string | null;
  readonly profiles?: readonly IroncladProfile[] | null;
};

export type Role = "owner" | "admin" | "member";

/** One user's role in one site. */
export type SiteRole = { readonly site: number; readonly role: string };

/** A user given in full: the object is answered exactly as it is, even if the real service could never send it. */
export type ExplicitUser = {
  readonly user: JsonObject;
  readonly memberships?: readonly SiteRole[];
  /** The account that lists the user; the first one when absent. */
  readonly account?: number;
};
