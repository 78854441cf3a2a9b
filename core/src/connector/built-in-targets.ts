import type { TargetField } from "../mapping/mapping-schema.ts";

/** The inventory fields that every installation has; a connector's default mapping can count on these and no others. */
export const builtInTargets: readonly TargetField[] = [
  { name: "username", label: "Username", type: "short-text", unique: true, mandatory: true },
  { name: "email", label: "Email", type: "short-text", unique: true, mandatory: true },
  { name: "fullName", label: "Full name", type: "short-text", unique: false, mandatory: false },
  { name: "firstName", label: "First name", type: "short-text", unique: false, mandatory: false },
  { name: "lastName", label: "Last name", type: "short-text", unique: false, mandatory: false },
  { name: "role", label: "Role", type: "short-text", unique: false, mandatory: true },
  { name: "locale", label: "Locale", type: "short-text", unique: false, mandatory: false },
  { name: "timeZone", label: "Time zone", type: "short-text", unique: false, mandatory: false },
  { name: "saas.email", label: "Email", type: "short-text", unique: false, mandatory: false },
  { name: "saas.name", label: "Name", type: "short-text", unique: false, mandatory: false },
  { name: "saas.role", label: "Role", type: "short-text", unique: false, mandatory: false },
  { name: "saas.lastActivity", label: "Last activity", type: "date-time", unique: false, mandatory: false },
  { name: "saas.siteRoles", label: "Site roles", type: "long-text", unique: false, mandatory: false },
  { name: "saas.verified", label: "Verified", type: "yes-no", unique: false, mandatory: false },
  { name: "saas.verifiedTime", label: "Verified time", type: "date-time", unique: false, mandatory: false },
];
