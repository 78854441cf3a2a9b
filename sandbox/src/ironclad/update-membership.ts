import { type Answer, jsonAnswer } from "../http/answer.ts";
import type { JsonObject } from "../population/ironclad-user.ts";
import { errorAnswer } from "./error-answer.ts";
import type { IroncladState } from "./ironclad-state.ts";
import { defaultPermissions } from "./listings.ts";

/**
 * Changes a user's role and permissions on a site. The answer has no `data` round it.
 * https://clickwrap-developer.ironcladapp.com/reference/update-a-user-1
 */
export function updateMembership(state: IroncladState, site: number, user: string, body: string): Answer {
  const { modes, roster } = state;
  if (modes.membersRole === "forbidden") return errorAnswer(modes, 403);
  const change = readChange(body);
  if (change === undefined) return errorAnswer(modes, 400);
  const index = roster.find(user);
  const current = index === undefined ? undefined : roster.rolesOf(index).find((entry) => entry.site === site);
  if (index === undefined || current === undefined) return errorAnswer(modes, 404);
  const key = `${site}/${index}`;
  const before = state.membershipSettings.get(key) ?? { default: false, permissions: defaultPermissions };
  const after = {
    default: change.default ?? before.default,
    permissions: { ...before.permissions, ...change.permissions },
  };
  state.membershipSettings.set(key, after);
  const role = change.role ?? current.role;
  roster.setRole(index, site, role);
  return jsonAnswer(200, JSON.stringify({ default: after.default, role, permissions: after.permissions }));
}

type Change = { readonly default?: boolean; readonly role?: string; readonly permissions?: JsonObject };

function readChange(body: string): Change | undefined {
  try {
    const value = JSON.parse(body) as Change | null;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const { role, permissions } = value;
    if (value.default !== undefined && typeof value.default !== "boolean") return undefined;
    if (role !== undefined && !["member", "admin", "owner"].includes(role)) return undefined;
    if (permissions !== undefined && !arePermissions(permissions)) return undefined;
    return value;
  } catch {
    // A body that is no JSON is a bad request like any other.
    return undefined;
  }
}

function arePermissions(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(
    ([key, setting]) => Object.hasOwn(defaultPermissions, key) && typeof setting === typeof defaultPermissions[key],
  );
}
