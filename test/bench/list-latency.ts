import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { openDatabase } from "@rollcall/server/postgres/database.ts";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";
import { migrate } from "@rollcall/server/postgres/migrate.ts";
import { maybeOne } from "@rollcall/server/postgres/query.ts";
import { recordMeasured } from "../record-measured.ts";
import { fillInventory, type Inventory, readInventory } from "./fill-inventory.ts";
import { type Applying, keepApplying } from "./keep-applying.ts";
import { type ListRequest, listRequests } from "./list-requests.ts";
import { type Api, apiOf } from "./product-api.ts";
import { startProduct } from "./start-process.ts";

/**
 * How long the lists take over a large inventory, first with nothing else to do and then while runs of 100,000 users are fetched,
 * planned, applied and undone, one after the other. The product, its database and the sandbox are processes of their own; requests
 * come one at a time, as from one impatient person.
 */

const { values: options } = parseArgs({
  options: {
    people: { type: "string", default: "1000000" },
    users: { type: "string", default: "100000" },
    rounds: { type: "string", default: "20" },
    "busy-rounds": { type: "string", default: "40" },
    only: { type: "string", default: "" },
    /** A folder that is filled once and used again. */
    data: { type: "string" },
  },
});

const dataDir = options.data ?? (await mkdtemp(join(tmpdir(), "rollcall-bench-lists-")));
try {
  await measure(dataDir);
} finally {
  if (options.data === undefined) await rm(dataDir, { recursive: true, force: true });
}

async function measure(folder: string): Promise<void> {
  const inventory = await filled(folder);
  const token = randomBytes(32).toString("hex");
  await using product = startProduct({
    LOG_LEVEL: "error",
    PORT: "0",
    ROLLCALL_DATA_DIR: folder,
    ROLLCALL_API_TOKEN: token,
    ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
  });
  const api = apiOf((await product.line()).split(" ").at(-1) ?? "", token);
  const named = listRequests(inventory).filter(({ name }) => name.includes(options.only));
  const requests = await Promise.all(named.map((request) => afterCursors(api, request)));

  const quiet = await timeRounds(api, requests, Number(options.rounds));
  const rounds = Number(options["busy-rounds"]);
  if (rounds === 0) return print(inventory, quiet, new Map());
  await using runs = await keepApplying(api, Number(options.users));
  const busy = await timeRounds(api, requests, rounds, runs);
  print(inventory, quiet, busy);
  if (options.only === "") await recordMeasured("H31", describe(inventory, busy));
  console.log(`\nMeanwhile: ${runs.summary()}`);
}

async function filled(dataDir: string): Promise<Inventory> {
  await using postgres = await startEmbeddedPostgres({ dataDir });
  await using database = openDatabase({ connectionString: postgres.connectionString });
  await migrate(database);
  const isFilled = (await maybeOne(database, "select from person limit 1")) !== undefined;
  return isFilled ? await readInventory(database) : await fillInventory(database, Number(options.people));
}

/** The same request with the cursor that `deep` pages lead to. */
async function afterCursors(api: Api, { name, path, deep = 0 }: ListRequest): Promise<ListRequest> {
  let cursor: string | null = null;
  for (let page = 0; page < deep; page += 1) {
    const list: ListOf<unknown> = await api("GET", withCursor(path, cursor));
    cursor = list.nextCursor ?? cursor;
  }
  return { name, path: withCursor(path, cursor) };
}

function withCursor(path: string, cursor: string | null): string {
  return cursor === null ? path : `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`;
}

type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Milliseconds of every request by its name; the requests take turns, so that each meets every stage of a run. Beside runs it goes on until
 * one has been applied and undone.
 */
async function timeRounds(api: Api, requests: readonly ListRequest[], rounds: number, runs?: Applying): Promise<Times> {
  const times = new Map<string, number[]>(requests.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds || runs?.hasUndone() === false; round += 1) {
    for (const { name, path } of requests) {
      runs?.check();
      const started = performance.now();
      await api("GET", path);
      times.get(name)?.push(performance.now() - started);
    }
  }
  return times;
}

function print(inventory: Inventory, quiet: Times, busy: Times): void {
  console.log(`${inventory.people} people; milliseconds: median, 95th percentile, longest\n`);
  console.log("| request | quiet p50 | p95 | max | during runs p50 | p95 | max |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, times] of quiet) {
    console.log(`| ${[name, ...figures(times), ...figures(busy.get(name) ?? [])].join(" | ")} |`);
  }
  console.log(
    `| ${["all", ...figures([...quiet.values()].flat()), ...figures([...busy.values()].flat())].join(" | ")} |`,
  );
}

/** What it says of the promise (docs/reliability.md). */
function describe({ people }: Inventory, busy: Times): string {
  const slow = [...busy].flatMap(([name, times]) => (Number(figures(times)[1]) > 100 ? [name] : []));
  const all = `${busy.size - slow.length} of ${busy.size} kinds of request over ${people.toLocaleString("en")} people`;
  return slow.length === 0 ? all : `${all}; not: ${slow.join("; ")}`;
}

function figures(times: readonly number[]): readonly string[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return [0.5, 0.95, 1].map((share) => at(share)?.toFixed(0) ?? "");
}
