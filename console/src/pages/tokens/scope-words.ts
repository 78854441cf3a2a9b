import type { Permission } from "@rollcall/core/contract/access.ts";

/** What permissions are about, in the order of the menu. */
const nouns: Readonly<Record<string, string>> = {
  person: "People",
  saas: "SaaS applications",
  catalog: "Software catalog",
  integration: "Integrations",
  run: "Runs",
  connector: "Connectors",
  destination: "Destinations",
  runner: "Local runners",
  field: "Inventory fields",
  credential: "Credentials",
  account: "Accounts",
  api_token: "API tokens",
  audit: "Audit log",
  settings: "Settings",
  notification: "Notifications",
  session: "Sessions",
};

const verbs: Readonly<Record<string, string>> = {
  read: "see",
  write: "change",
  test: "test the connection",
  launch: "launch and pause",
  start: "start",
  cancel: "cancel",
  approve: "approve and reject",
  undo: "undo",
};

type PermissionGroup = {
  readonly noun: string;
  readonly label: string;
  readonly permissions: readonly { readonly permission: Permission; readonly label: string }[];
};

/** Permissions by what they are about; a new one of the API is shown under its own name. */
export function groupPermissions(permissions: readonly Permission[]): readonly PermissionGroup[] {
  const known = Object.keys(nouns);
  const found = new Set(permissions.map((permission) => splitPermission(permission).noun));
  const order = [...known.filter((noun) => found.has(noun)), ...[...found].filter((noun) => !known.includes(noun))];
  return order.map((noun) => ({
    noun,
    label: nouns[noun] ?? noun,
    permissions: permissions
      .filter((permission) => splitPermission(permission).noun === noun)
      .map((permission) => ({ permission, label: verbWords(permission) })),
  }));
}

/** What a token may do, as a sentence for a table. */
export function scopeWords(scopes: readonly string[]): string {
  if (scopes.includes("*")) return "everything its account may";
  if (scopes.every((scope) => scope.endsWith(".read"))) {
    return scopes.length > 4 ? "only see" : `see ${scopes.map(nounWords).join(", ")}`;
  }
  const [first] = scopes;
  if (first !== undefined && scopes.length === 1) return `${nounWords(first)}: ${verbWords(first)}`;
  return `${scopes.length} permissions`;
}

function nounWords(scope: string): string {
  const { noun } = splitPermission(scope);
  return nouns[noun] ?? noun;
}

function verbWords(scope: string): string {
  const { verb } = splitPermission(scope);
  return verbs[verb] ?? verb;
}

function splitPermission(permission: string): { readonly noun: string; readonly verb: string } {
  const [noun = permission, verb = ""] = permission.split(".");
  return { noun, verb };
}
