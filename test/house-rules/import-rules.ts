import type { CodeFile, Import } from "./code-file.ts";
import { baseName, isTestFile } from "./source.ts";

/**
 * Who may import whom. A room stands for itself and for every room below it; importing within one room is always allowed.
 * What is not listed is forbidden.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  console: ["core"],
  cli: ["core", "vendor-http"],
  sandbox: [],
  "vendor-http": ["core"],
  connectors: ["core", "cli"],

  "core/errors": [],
  "core/mapping": ["core/errors"],
  "core/connector": ["core/errors", "core/mapping"],
  "core/reconcile": ["core/errors", "core/mapping"],
  "core/contract": ["core/errors", "core/mapping", "core/connector"],
  "core/destination": ["core/errors", "core/contract"],
  "core/schedule": ["core/errors", "core/contract"],

  "server/main": ["server", "vendor-http", "core"],
  "server/start-rollcall": ["server", "vendor-http", "core"],
  "server/run-thread": ["server"],
  "server/start-run-thread": ["server/config"],
  "server/http": ["server/features", "server/config", "server/vault", "server/queue", "server/postgres", "core"],
  "server/worker": [
    "server/sync",
    "server/destinations",
    "server/features",
    "server/queue",
    "server/vault",
    "server/postgres",
    "vendor-http",
    "core",
  ],
  "server/sync": ["server/features", "server/queue", "server/vault", "server/postgres", "vendor-http", "core"],
  "server/destinations": ["server/features", "server/vault", "server/postgres", "vendor-http", "core"],
  "server/features": ["server/queue", "server/vault", "server/postgres", "server/config", "core"],
  "server/vault": ["core"],
  "server/queue": ["server/postgres", "core"],
  "server/postgres": ["core"],
  "server/config": ["core"],
};

/** What tests and the files they share may import besides. */
const testsMayImport: Readonly<Record<string, readonly string[]>> = {
  server: ["server", "vendor-http", "core", "sandbox"],
  cli: ["server", "sandbox"],
  "vendor-http": ["vendor-http"],
  test: ["server", "vendor-http", "core", "cli", "sandbox", "console"],
};

/** Single edges that the table does not allow, each with its reason. */
const exceptions: readonly {
  readonly from: RegExp;
  readonly to: RegExp;
  readonly typeOnly: boolean;
  readonly because: string;
}[] = [
  {
    from: /^server\/src\/features\//,
    to: /^server\/src\/http\/app-parts\.ts$/,
    typeOnly: true,
    because: "a feature's routes say the type of what they are registered on",
  },
  {
    from: /^server\/src\/worker\/outbox\/post-webhook\.ts$/,
    to: /^node:https?$/,
    typeOnly: false,
    because: "a webhook's receiver is no vendor; vendor-http's egress checks are used all the same",
  },
];

/** Packages that only one room may import, because it alone does that kind of work. */
const packageHomes: readonly {
  readonly package: RegExp;
  readonly rooms: readonly string[];
  readonly because: string;
}[] = [
  { package: /^undici$/, rooms: ["vendor-http"], because: "only vendor-http asks vendors" },
  {
    package: /^node:(https|http2|tls|dgram)$/,
    rooms: ["vendor-http", "sandbox"],
    because: "only vendor-http asks vendors",
  },
  { package: /^node:http$/, rooms: ["vendor-http", "sandbox"], because: "only vendor-http asks vendors" },
  {
    package: /^node:net$/,
    rooms: ["vendor-http", "sandbox", "server/postgres"],
    because: "only vendor-http asks vendors",
  },
  { package: /^pg(-copy-streams)?$/, rooms: ["server/postgres"], because: "only postgres opens connections" },
  { package: /^pg-boss$/, rooms: ["server/queue"], because: "the job engine stays behind queue" },
  { package: /^jose$/, rooms: ["server/vault"], because: "only the vault encrypts" },
];

/** Functions that are so easy to misuse that only the files named may import them. */
const guardedNames: readonly { readonly name: string; readonly only: readonly string[]; readonly because: string }[] = [
  { name: "proveEnd", only: ["core/src/connector/paginate.ts"], because: "an end is proven by paging alone" },
  {
    name: "readListingState",
    only: ["vendor-http/src/read-checkpoint.ts"],
    because: "an ended listing comes from paging or from a checkpoint",
  },
];

/** Where a file lives, for the tables above: `core/mapping`, `server/features/runs`, `cli`. */
export function roomOf(path: string): string {
  const [workspace = "", folder, ...rest] = path.split("/");
  if (folder !== "src" || !["core", "server"].includes(workspace)) {
    return folder === "test" ? `${workspace}/test` : workspace;
  }
  const depth = rest[0] === "features" ? 2 : 1;
  return [workspace, ...rest.slice(0, depth)].join("/").replace(/\.ts$/, "");
}

/** Imports that the tables do not allow, as sentences. */
export function findForbiddenImports(files: readonly CodeFile[]): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const because = found.own ? whyForbidden(file, found) : whyForeign(file, found);
      return because === undefined ? [] : [`${file.path} imports ${found.target}: ${because}`];
    }),
  );
}

function whyForbidden({ path }: CodeFile, found: Import): string | undefined {
  const isTest = isTestFile(path) || roomOf(path).endsWith("test");
  if (/^server\/src\/main\.ts$/.test(found.target)) {
    return "nothing imports main";
  }
  const guard = guardedNames.find(({ name }) => found.names.includes(name));
  if (guard !== undefined && !isTestFile(path) && !guard.only.includes(path)) {
    return `${guard.name} is for ${guard.only.join(" and ")}; ${guard.because}`;
  }
  const from = roomOf(path);
  const to = roomOf(found.target);
  if (isFeature(from) && isFeature(to) && from !== to && !isTest) {
    return whyNotOtherFeature(found);
  }
  const allowed = [...listed(mayImport, from), ...(isTest ? listed(testsMayImport, from) : [])];
  return from === to || isException(path, found) || allowed.some((room) => isWithin(to, room))
    ? undefined
    : `${from} may import ${allowed.join(", ") || "nothing of the product"}`;
}

/**
 * A feature may call another's commands and ask its queries. Its store is its own; only its types are shared, and the audit
 * log, which everybody writes.
 */
function whyNotOtherFeature({ target, typeOnly }: Import): string | undefined {
  const isStore = target.endsWith("-store.ts") && baseName(target) !== "audit-store.ts" && !typeOnly;
  return isStore ? "a feature's store is its own; call one of its commands or queries" : undefined;
}

function whyForeign({ path }: CodeFile, found: Import): string | undefined {
  const { target, typeOnly } = found;
  const isTest = isTestFile(path) || roomOf(path).endsWith("test");
  const room = roomOf(path);
  if (room.startsWith("core/")) {
    const allowed = isTest ? /^(zod|fast-check|croner|node:test|node:assert\/strict)$/ : /^zod$/;
    return allowed.test(target) ? undefined : "core is pure and imports only zod";
  }
  const home = packageHomes.find((each) => each.package.test(target));
  return home === undefined ||
    typeOnly ||
    isException(path, found) ||
    isTest ||
    home.rooms.some((each) => isWithin(room, each))
    ? undefined
    : home.because;
}

function isException(path: string, { target, typeOnly }: Import): boolean {
  return exceptions.some((each) => each.from.test(path) && each.to.test(target) && (typeOnly || !each.typeOnly));
}

function listed(table: Readonly<Record<string, readonly string[]>>, room: string): readonly string[] {
  return Object.entries(table).flatMap(([name, rooms]) => (isWithin(room, name) ? rooms : []));
}

function isFeature(room: string): boolean {
  return room.startsWith("server/features/");
}

function isWithin(room: string, other: string): boolean {
  return room === other || room.startsWith(`${other}/`);
}
