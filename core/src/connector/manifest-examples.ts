/**
 * Manifests that are right and manifests that are wrong, each with the reason: the reference page shows them and a test
 * holds the schema and its rules to them. Every anti-example is the smallest manifest with one thing changed.
 */

/** A connector in as few words as possible. */
export const smallestManifest = {
  id: "acme",
  name: "Acme",
  publisher: "Acme Ltd",
  category: "Examples",
  kind: "users",
  catalog: null,
  authorization: [{ kind: "bearer", label: "API token", fields: { token: { label: "Token", secret: true } } }],
  inputs: {
    baseUrl: { kind: "url", label: "API address", default: "https://api.example.com", help: "Where the API is." },
    perPage: { kind: "integer", label: "Page size", default: 100, min: 1, max: 200, help: "Records per request." },
  },
  rateLimit: { perMinute: 60 },
  baseUrl: { base: { from: "inputs.baseUrl" }, path: ["v2"] },
  streams: {
    users: {
      label: "Users",
      request: { path: ["users"] },
      pagination: {
        kind: "page-number",
        pageParam: "page",
        sizeParam: "size",
        size: { from: "inputs.perPage" },
        hasMore: "/more",
      },
      records: "/users",
      key: "/id",
    },
  },
  users: "users",
  check: "users",
  fields: [{ id: "email", label: "Email", path: "/email", type: "text" }],
  activity: { kind: "none" },
  defaultMapping: [
    { source: "email", target: "email", syncKey: 1 },
    { source: "email", target: "username" },
    { source: '{{"User"}}', target: "role" },
  ],
} as const;

export type ManifestExample = { readonly shows: string; readonly manifest: unknown };
/** `at` is the pointer of the problem that must be found. */
export type ManifestAntiExample = { readonly reason: string; readonly at: string; readonly manifest: unknown };

const rolesStream = {
  label: "Roles",
  forEach: { stream: "users", value: "/team" },
  request: { path: ["teams", { from: "parent" }, "roles"] },
  pagination: { kind: "single", because: "The vendor documents that a team has at most 50 roles." },
  records: "/roles",
  key: "/id",
};
const teamsStream = {
  label: "Teams",
  request: { path: ["teams"] },
  pagination: { kind: "next-link", container: "/links", link: "/links/next" },
  records: "/teams",
  key: "/id",
};
const cursor = { kind: "cursor", param: "after", container: "/paging", cursor: "/paging/next" };
const rolesOfTeams = {
  "/streams/teams": teamsStream,
  "/streams/roles": { ...rolesStream, forEach: { stream: "teams", value: "/id" } },
  "/joins": { roles: { stream: "roles", on: ["/user"], keep: { role: "/name" } } },
  "/derived": { role: { kind: "joined", join: "roles", rule: "list", text: [{ from: "row.role" }] } },
};
const roleField = { id: "role", label: "Role", path: "/_derived/role", type: "text" };

export const manifestExamples: readonly ManifestExample[] = [
  { shows: "the smallest connector", manifest: smallestManifest },
  { shows: "a cursor inside an object of its own", manifest: changed({ "/streams/users/pagination": cursor }) },
  {
    shows: "roles joined from a list that exists once per team",
    manifest: changed({ ...rolesOfTeams, "/fields/1": roleField }),
  },
  {
    shows: "a status that decides who is active",
    manifest: changed({
      "/activity": { kind: "field", path: "/status", active: ["active", "invited"], inactive: ["disabled"] },
    }),
  },
  {
    shows: "client credentials whose token request an operator can adjust",
    manifest: changed({
      "/inputs/encoding": {
        kind: "choice",
        label: "Token request format",
        default: "form",
        choices: [
          { value: "form", label: "Form" },
          { value: "json", label: "JSON" },
        ],
        help: "How the token request is written.",
      },
      "/authorization/0": {
        kind: "oauth2-client-credentials",
        label: "Client ID and secret",
        fields: { clientId: { label: "Client ID", secret: false }, clientSecret: { label: "Secret", secret: true } },
        tokenUrl: { base: { from: "inputs.baseUrl" }, path: ["oauth", "token"] },
        encoding: { from: "inputs.encoding" },
        clientAuthentication: "basic",
      },
    }),
  },
];

export const manifestAntiExamples: readonly ManifestAntiExample[] = [
  anti("a word outside the vocabulary", "", { "/script": "fetch()" }),
  anti("a secret field that is not marked secret", "/authorization/0/fields/token/secret", {
    "/authorization/0/fields/token/secret": false,
  }),
  anti("an expression where a pointer belongs", "/streams/users/records", { "/streams/users/records": "$.users[*]" }),
  anti("a template in a path", "/streams/users/request/path/0", { "/streams/users/request/path/0": "{{team}}" }),
  anti("a path that climbs", "/streams/users/request/path/0", { "/streams/users/request/path/0": ".." }),
  anti("a request that writes", "/streams/users/request/method", { "/streams/users/request/method": "POST" }),
  anti("a substitution of something that does not exist", "/rateLimit/perMinute", {
    "/rateLimit/perMinute": { from: "inputs.speed" },
  }),
  anti("a page size from an address", "/streams/users/pagination/size", {
    "/streams/users/pagination/size": { from: "inputs.baseUrl" },
  }),
  anti("a default outside the bounds", "/inputs/perPage/default", { "/inputs/perPage/default": 500 }),
  anti("a path that an empty input would shorten", "/streams/users/request/path/0", {
    "/inputs/team": { kind: "text", label: "Team", optional: true, help: "The team." },
    "/streams/users/request/path/0": { from: "inputs.team" },
  }),
  anti("a secret in a query", "/streams/users/request/query/key", {
    "/inputs/key": { kind: "text", label: "Key", secret: true, help: "The key." },
    "/streams/users/request/query": { key: { from: "inputs.key" } },
  }),
  anti("a credential in a header", "/streams/users/request/headers/Authorization", {
    "/streams/users/request/headers": { Authorization: "Bearer x" },
  }),
  anti("pages whose end nothing proves", "/streams/users/pagination", {
    "/streams/users/pagination/hasMore": undefined,
  }),
  anti("a cursor whose container is always there", "/streams/users/pagination", {
    "/streams/users/pagination": { ...cursor, container: "", cursor: "/next" },
  }),
  anti("one answer for everything without a reason", "/streams/users/pagination/because", {
    "/streams/users/pagination": { kind: "single" },
  }),
  anti("a parent without a forEach", "/streams/users/request", {
    "/streams/users/request/path/0": { from: "parent" },
  }),
  anti("a stream that depends on itself", "/streams/users/forEach/stream", {
    "/streams/users/request/path/0": { from: "parent" },
    "/streams/users/forEach": { stream: "users", value: "/id" },
  }),
  anti("a check that needs another stream", "/check", {
    "/streams/teams": teamsStream,
    "/streams/users/request/path/0": { from: "parent" },
    "/streams/users/forEach": { stream: "teams", value: "/id" },
  }),
  anti("a users stream that is not there", "/users", { "/users": "people" }),
  anti("a join with a stream that is not there", "/joins/roles/stream", {
    "/joins": { roles: { stream: "roles", on: ["/user"], keep: { role: "/name" } } },
  }),
  anti("a join with a stream that is read after the users", "/joins/roles/stream", {
    "/streams/roles": rolesStream,
    "/joins": { roles: { stream: "roles", on: ["/user"], keep: { role: "/name" } } },
  }),
  anti("a derived value made of what is not kept", "/derived/role/text/0", {
    ...rolesOfTeams,
    "/derived/role/text": [{ from: "row.title" }],
    "/fields/1": roleField,
  }),
  anti("the highest of no ranking", "/derived/role/ranking", {
    ...rolesOfTeams,
    "/derived/role/rule": "highest",
    "/fields/1": roleField,
  }),
  anti("a derived value that no field offers", "/derived/role", rolesOfTeams),
  anti("a field made of nothing", "/fields/1/path", { "/fields/1": roleField }),
  anti("two fields of one name", "/fields/1/id", {
    "/fields/1": { id: "email", label: "Mail", path: "/mail", type: "text" },
  }),
  anti("a status both active and inactive", "/activity", {
    "/activity": { kind: "field", path: "/status", active: ["on", "idle"], inactive: ["off", "idle"] },
  }),
  anti("a status that is read and also not provided", "/notProvided", {
    "/activity": { kind: "field", path: "/status", active: ["on"], inactive: ["off"] },
    "/notProvided": [{ field: "status", because: "It is not documented." }],
  }),
  anti("a mapping of a field that is not there", "/defaultMapping/0/source", { "/defaultMapping/0/source": "mail" }),
  anti("a mapping without a sync key", "/defaultMapping", { "/defaultMapping/0/syncKey": undefined }),
  anti("a mapping that leaves out a mandatory field", "/defaultMapping", { "/defaultMapping/2/target": "locale" }),
];

function anti(reason: string, at: string, changes: Readonly<Record<string, unknown>>): ManifestAntiExample {
  return { reason, at, manifest: changed(changes) };
}

/** The smallest manifest with values set by pointer; undefined takes one away. */
function changed(changes: Readonly<Record<string, unknown>>): unknown {
  const manifest: Record<string, unknown> = structuredClone(smallestManifest);
  for (const [pointer, value] of Object.entries(changes)) {
    const names = pointer.slice(1).split("/");
    const last = names.pop() ?? "";
    let holder = manifest;
    for (const name of names) holder = holder[name] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = structuredClone(value);
  }
  return manifest;
}
