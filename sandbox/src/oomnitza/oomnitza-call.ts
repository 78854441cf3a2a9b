/** One call of the API, as its path says. Names are those of fault rules, counters and the log. */
export type OomnitzaCall = {
  readonly name: string;
  /** Parts of the path that stand for ids, decoded. */
  readonly ids: readonly string[];
};

const table: readonly (readonly [name: string, method: string, path: RegExp])[] = [
  ["request-token", "POST", /^\/api\/request_token$/],
  ["mappings", "GET", /^\/api\/v2\/mappings$/],
  ["users-meta", "GET", /^\/api\/v3\/users\/meta$/],
  ["users", "GET", /^\/api\/v3\/users$/],
  ["create-user", "POST", /^\/api\/v3\/users$/],
  ["user", "GET", /^\/api\/v3\/users\/([^/]+)$/],
  ["change-user", "PATCH", /^\/api\/v3\/users\/([^/]+)$/],
  ["delete-user", "DELETE", /^\/api\/v3\/users\/([^/]+)$/],
  ["saas", "GET", /^\/api\/v3\/saas$/],
  ["create-saas", "POST", /^\/api\/v3\/saas$/],
  ["saas-application", "GET", /^\/api\/v3\/saas\/([^/]+)$/],
  ["change-saas", "PATCH", /^\/api\/v3\/saas\/([^/]+)$/],
  ["assigned-users", "GET", /^\/api\/v3\/saas\/([^/]+)\/users$/],
  ["assign-users", "POST", /^\/api\/v3\/saas\/([^/]+)\/users$/],
  ["external-id", "POST", /^\/api\/v3\/saas\/([^/]+)\/users\/([^/]+)$/],
  ["roles", "GET", /^\/api\/v3\/saas\/([^/]+)\/roles$/],
  ["create-role", "POST", /^\/api\/v3\/saas\/([^/]+)\/roles$/],
  ["add-roles", "POST", /^\/api\/v3\/saas\/([^/]+)\/roles\/users$/],
  ["set-roles", "PATCH", /^\/api\/v3\/saas\/([^/]+)\/roles\/users$/],
  ["saas-users", "GET", /^\/api\/v3\/saas_users$/],
  ["activate", "PATCH", /^\/api\/v3\/saas_users\/activate$/],
  ["deactivate", "PATCH", /^\/api\/v3\/saas_users\/deactivate$/],
  ["check-managed", "POST", /^\/api\/v3\/bulk\/check_managed$/],
  ["bulk", "POST", /^\/api\/v3\/bulk$/],
  ["bulk-state", "GET", /^\/api\/v3\/bulk\/([^/]+)$/],
  ["bulk-finalize", "POST", /^\/api\/v3\/bulk\/([^/]+)\/finalize$/],
  ["bulk-ready-portion", "POST", /^\/api\/v3\/bulk\/([^/]+)\/add_ready_portion$/],
  ["run-log", "GET", /^\/api\/v3\/connector_run_logs\/connectors\/([^/]+)$/],
  ["run-logs", "GET", /^\/api\/v3\/connector_run_logs\/([^/]+)$/],
];

export function oomnitzaCallOf(method: string, path: string): OomnitzaCall {
  for (const [name, verb, pattern] of table) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found !== null) return { name, ids: found.slice(1).map(decodeURIComponent) };
  }
  return { name: "unknown", ids: [] };
}
