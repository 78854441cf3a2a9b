import type { JsonObject, JsonValue } from "../population/ironclad-user.ts";
import type { Scope, View } from "../population/roster.ts";
import { timeOf } from "../population/time-of.ts";
import { compareValues, passesFilter, valueAt } from "./filter.ts";
import type { IroncladState } from "./ironclad-state.ts";
import { type ListQuery, projectFields } from "./list-query.ts";
import { accountIdOfSite, accountObject, siteIds, siteObject } from "./sites.ts";

/** All rows a listing could answer, each made only when its page is asked for. */
export type Listing = { readonly total: number; readonly rowText: (k: number) => string };

/** The users of an account: the call with the misleading title "User Memberships". */
export function listMembers(state: IroncladState, account: number, query: ListQuery): Listing {
  const { pendingUsers, removedUsers } = state.modes;
  const pending = pendingUsers === "listed";
  return listUsers(state, { kind: "account", account, pending, removed: removedUsers === "listed" }, query);
}

export function listSiteMembers(state: IroncladState, site: number, query: ListQuery): Listing {
  return listUsers(state, { kind: "site", site }, query);
}

export function listMemberships(state: IroncladState, site: number, query: ListQuery): Listing {
  const rowText = (index: number) => membershipText(state, site, index, query.expand);
  const parse = (index: number) => JSON.parse(rowText(index)) as JsonObject;
  const view = arrange(state, { kind: "site", site }, query, parse, "memberships");
  return { total: view.length, rowText: (k) => rowText(view.nth(k)) };
}

export function listSites(state: IroncladState, query: ListQuery): Listing {
  const expandAccount = query.expand.includes("account");
  const sites = siteIds(state.modes)
    .map((site) => siteObject(state.modes, site))
    .filter((site) => passesFilter(site, query.filter));
  const { sort } = query;
  if (sort) sites.sort((a, b) => compareKeys(valueAt(a, sort.field), valueAt(b, sort.field), sort.descending));
  const rowText = (k: number) => {
    const site = sites[k] ?? {};
    const shown = expandAccount ? { ...site, account: accountObject(Number(site.account)) } : site;
    return JSON.stringify(projectFields(shown, query.fields));
  };
  return { total: sites.length, rowText };
}

function listUsers(state: IroncladState, scope: Scope, query: ListQuery): Listing {
  const { roster, modes } = state;
  const object = (index: number): JsonObject => {
    const user = roster.user(index);
    return modes.extraUserFields ? { ...user, status: "active", last_login_time: timeOf(1, index, 24) } : user;
  };
  const view = arrange(state, scope, query, object, "users");
  const untouched = query.fields === undefined && !query.lean && !modes.extraUserFields;
  const rowText = (index: number) => {
    if (untouched) return roster.userText(index);
    const user = projectFields(object(index), query.fields);
    if (!query.lean) return JSON.stringify(user);
    const { profiles: _profiles, ...lean } = user;
    return JSON.stringify(lean);
  };
  return { total: view.length, rowText: (k) => rowText(view.nth(k)) };
}

/** https://clickwrap-developer.ironcladapp.com/reference/list-all-site-memberships-1 */
function membershipText(state: IroncladState, site: number, index: number, expand: readonly string[]): string {
  const { roster, modes } = state;
  const role = roster.rolesOf(index).find((entry) => entry.site === site)?.role ?? "member";
  const account = accountIdOfSite(modes, site);
  const shownAccount = expand.includes("account") ? JSON.stringify(accountObject(account)) : account;
  const asObject = modes.membershipUser === "object" || expand.includes("user");
  const user = asObject ? roster.userText(index) : JSON.stringify(roster.user(index).id ?? null);
  const permissions = modes.permissions ? `,${permissionMembers(state, site, index)}` : "";
  return `{"id":"${membershipId(site, index)}","account":${shownAccount},"site":${siteText(state, site, expand)},"membership_type":"site","role":${JSON.stringify(role)},"user":${user},"created_time":"${timeOf(site, index, 25)}","updated_time":"${timeOf(site, index, 26)}"${permissions}}`;
}

function siteText(state: IroncladState, site: number, expand: readonly string[]): string {
  if (!expand.some((path) => path === "site" || path === "site.account")) return String(site);
  const object = siteObject(state.modes, site);
  if (!expand.includes("site.account")) return JSON.stringify(object);
  return JSON.stringify({ ...object, account: accountObject(Number(object.account)) });
}

/** 24 hexadecimal digits, the form of the documentation. */
function membershipId(site: number, index: number): string {
  return `5578${site.toString(16).padStart(8, "0")}${index.toString(16).padStart(12, "0")}`;
}

function permissionMembers(state: IroncladState, site: number, index: number): string {
  const settings = state.membershipSettings.get(`${site}/${index}`);
  const permissions = { ...defaultPermissions, ...settings?.permissions };
  return `"default":${settings?.default ?? false},"permissions":${JSON.stringify(permissions)}`;
}

/** The keys and defaults of the PATCH schema, its `fiel:` included: /reference/update-a-user-1 */
export const defaultPermissions: JsonObject = {
  approval_order: 0,
  can_approve: false,
  complete: false,
  "contract:metadata:edit": true,
  create: true,
  edit: true,
  export: false,
  "fiel:secure:read": false,
  "guides:publish": true,
  "integration:sfdc:edit": false,
  "mergefield:manage": false,
  needs_approval: true,
  publish: true,
  send: true,
  "snapshots:manage": false,
  "snapshots:upload": false,
};

/**
 * Filter, sort and default order. A filter or a sort looks at every row of the scope once and keeps the result until
 * somebody changes the roster; without them a page costs only its own rows.
 */
function arrange(
  state: IroncladState,
  scope: Scope,
  query: ListQuery,
  object: (index: number) => JsonObject,
  what: string,
): View {
  const view = state.roster.view(scope);
  const { filter, sort } = query;
  const name = `${what} ${JSON.stringify(scope)}`;
  if (filter.length === 0 && sort === undefined) return inDefaultOrder(state, view, name);
  const key = `${name} ${JSON.stringify({ filter, sort })}`;
  const indexes = state.roster.memo(key, () => {
    const rows: { readonly index: number; readonly key: JsonValue | undefined }[] = [];
    for (let k = 0; k < view.length; k++) {
      const index = view.nth(k);
      const row = object(index);
      if (passesFilter(row, filter)) rows.push({ index, key: sort && valueAt(row, sort.field) });
    }
    if (sort) rows.sort((a, b) => compareKeys(a.key, b.key, sort.descending));
    return Int32Array.from(rows, ({ index }) => index);
  });
  return { length: indexes.length, nth: (k) => indexes[k] ?? 0 };
}

function inDefaultOrder(state: IroncladState, view: View, name: string): View {
  const { length, nth } = view;
  switch (state.modes.defaultOrder) {
    case "id":
      return view;
    case "id-descending":
      return { length, nth: (k) => nth(length - 1 - k) };
    case "shuffled": {
      const stride = coprimeStride(length);
      return { length, nth: (k) => nth((k * stride) % length) };
    }
    case "unstable": {
      const turn = state.turns.get(name) ?? 0;
      state.turns.set(name, turn + 1);
      return { length, nth: (k) => nth((k + turn) % length) };
    }
  }
}

/** Steps of this size visit every row once, in an order that looks like none. */
function coprimeStride(length: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.floor(length * 0.618));
  while (divisor(length, stride) > 1) stride++;
  return stride;
}

function compareKeys(a: JsonValue | undefined, b: JsonValue | undefined, descending: boolean): number {
  const order = compareValues(a, b);
  return descending ? -order : order;
}
