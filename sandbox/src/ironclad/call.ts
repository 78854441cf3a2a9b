/** One documented call, as its path says. `inferred` ones are on no stored page (assumption U6). */
export type Call =
  | { readonly name: "token" | "status" | "sites" }
  | { readonly name: "site" | "memberships" | "site-members"; readonly site: number }
  | { readonly name: "account" | "members"; readonly account: number }
  | { readonly name: "update-membership"; readonly site: number; readonly user: string }
  | { readonly name: "unknown" };

/** Finds the call of a request. Only the token call and the status stand outside the version. */
export function callOf(method: string, path: string): Call {
  if (path === "/oauth/token") return { name: method === "POST" ? "token" : "unknown" };
  if (!path.startsWith("/v1.1/")) return { name: method === "GET" && path === "/status" ? "status" : "unknown" };
  const [collection, id, sub, user, ...more] = path.slice("/v1.1/".length).split("/");
  const number = Number(id);
  if (more.length > 0 || (id !== undefined && !Number.isInteger(number)) || id === "") return { name: "unknown" };
  if (method === "PATCH" && collection === "sites" && sub === "memberships" && user !== undefined) {
    return { name: "update-membership", site: number, user };
  }
  if (method !== "GET" || user !== undefined) return { name: "unknown" };
  if (collection === "sites") {
    if (id === undefined) return { name: "sites" };
    if (sub === undefined) return { name: "site", site: number };
    if (sub === "memberships") return { name: "memberships", site: number };
    if (sub === "members") return { name: "site-members", site: number };
  }
  if (collection === "accounts" && id !== undefined) {
    if (sub === undefined) return { name: "account", account: number };
    if (sub === "members") return { name: "members", account: number };
  }
  return { name: "unknown" };
}
