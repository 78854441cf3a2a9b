import type { JsonObject } from "../population/ironclad-user.ts";

/** A SCIM user resource (RFC 7643 §4.1) with the members a user pull maps. */
export function scimUser(user: {
  readonly id: string;
  readonly userName: string;
  readonly name?: string;
  readonly email?: string;
  readonly active?: boolean;
  readonly roles?: readonly string[];
}): JsonObject {
  const email = user.email ?? user.userName;
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    id: user.id,
    userName: user.userName,
    ...(user.name === undefined ? {} : { name: { formatted: user.name } }),
    emails: [
      { value: `other.${email}`, type: "home" },
      { value: email, type: "work", primary: true },
    ],
    active: user.active ?? true,
    roles: (user.roles ?? []).map((value) => ({ value })),
    meta: { resourceType: "User", location: `/scim/v2/Users/${encodeURIComponent(user.id)}` },
  };
}
