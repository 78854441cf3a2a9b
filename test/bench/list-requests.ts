import type { Inventory } from "./fill-inventory.ts";

/** A kind of request, by what people do on the screens; `deep` follows that many cursors first and measures pages behind them. */
export type ListRequest = { readonly name: string; readonly path: string; readonly deep?: number };

/** Every page, sort, filter and search of the People list and of the Users tab, and the screens around them. */
export function listRequests({
  softwareId,
  smallSoftwareId,
  integrationId,
  person,
}: Inventory): readonly ListRequest[] {
  const people = (name: string, query: string, deep?: number) => listOf(`people: ${name}`, "/people", query, deep);
  const users = (name: string, query: string, deep?: number) =>
    listOf(`users: ${name}`, `/saas/${softwareId}/users`, query, deep);
  const removal = (name: string, query: string) =>
    listOf(`removal list: ${name}`, `/saas/${softwareId}/removal-list`, query);
  return [
    people("first page", ""),
    people("first page of 500", "limit=500"),
    people("page 200", "", 200),
    people("last page", "sort=-fullName"),
    ...bothWays(["fullName", "email", "username", "id"]).map((sort) => people(`sort ${sort}`, `sort=${sort}`)),
    ...["active", "inactive"].map((status) => people(`status ${status}`, `status=${status}`)),
    people("inactive by e-mail", "status=inactive&sort=email"),
    people("archived", "archived=true"),
    people("of the big integration", `integrationId=${integrationId}`),
    people("of the big application", `softwareId=${softwareId}`),
    people("of a small application", `softwareId=${smallSoftwareId}`),
    people("of a small application, inactive", `softwareId=${smallSoftwareId}&status=inactive`),
    ...searches(person.email).map(([name, query]) => people(`search ${name}`, query)),
    people("search a name, page 20", "q=smith", 20),
    ...bothWays(["email"]).map((sort) => people(`search first name, sort ${sort}`, `q=zoe&sort=${sort}`)),
    people("search a name, sort -email, inactive", "q=smith&sort=-email&status=inactive"),
    people("search a name in a small application", `q=ada&softwareId=${smallSoftwareId}`),
    { name: "person: page", path: `/people/${person.id}` },
    { name: "person: history", path: `/people/${person.id}/history` },
    { name: "person: why", path: `/people/${person.id}/why` },
    users("first page", ""),
    users("first page of 500", "limit=500"),
    users("page 200", "", 200),
    ...bothWays(["name", "email", "role", "status", "lastActivity"]).map((sort) =>
      users(`sort ${sort}`, `sort=${sort}`),
    ),
    users("active", "status=active"),
    users("deactivated", "status=deactivated"),
    users("deactivated by -lastActivity", "status=deactivated&sort=-lastActivity"),
    users("role of many", "role=Member"),
    users("role of few", "role=Administrator&sort=email"),
    users("role of nobody", "role=Nobody"),
    ...searches(person.email).map(([name, query]) => users(`search ${name}`, query)),
    users("search a name, page 20", "q=smith", 20),
    ...bothWays(["email"]).map((sort) => users(`search first name, sort ${sort}`, `q=zoe&sort=${sort}`)),
    users("search a name, deactivated, -lastActivity", "q=smith&status=deactivated&sort=-lastActivity"),
    listOf("users of a small application", `/saas/${smallSoftwareId}/users`, ""),
    listOf("users of a small application: search", `/saas/${smallSoftwareId}/users`, "q=smith"),
    ...["name", "-email", "lastActivity", "-lastActivity"].map((sort) => removal(`sort ${sort}`, `sort=${sort}`)),
    removal("almost nobody idle", "idleDays=3650"),
    removal("search a name", "q=smith"),
    removal("search a name, almost nobody idle", "q=smith&idleDays=3650"),
    listOf("removal list of a small application", `/saas/${smallSoftwareId}/removal-list`, ""),
    { name: "application: statistics", path: `/saas/${softwareId}/statistics` },
    listOf("applications", "/saas", ""),
    listOf("applications by name", "/saas", "q=small"),
    listOf("runs", "/runs", ""),
  ];
}

function searches(email: string): readonly (readonly [string, string])[] {
  return [
    ["first letters", "q=sil"],
    ["two letters", "q=an"],
    ["two letters nobody has", "q=q0"],
    ["the middle of a name", "q=lverst"],
    ["first and last name", "q=ada%20lov"],
    ["part of every address", "q=example"],
    ["full e-mail address", `q=${encodeURIComponent(email)}`],
    ["no match", "q=nosuchperson"],
    ["no match of common letters", "q=annaannaanna"],
  ];
}

function bothWays(sorts: readonly string[]): readonly string[] {
  return sorts.flatMap((sort) => [sort, `-${sort}`]);
}

function listOf(name: string, path: string, query: string, deep?: number): ListRequest {
  return { name, path: query === "" ? path : `${path}?${query}`, ...(deep === undefined ? {} : { deep }) };
}
