import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { recordMeasured } from "../record-measured.ts";
import { type FloorTarget, measureFloor } from "./measure-floor.ts";
import { type Api, apiOf, launch } from "./product-api.ts";
import { startProcess, startProduct } from "./start-process.ts";
import { vendorControl } from "./vendor-control.ts";

/**
 * The days of an integration beside the floor, over the same pages of the same sandbox in one run of this program: first sync, nothing
 * changed, 1 % changed, 5 % gone with their approval, and its undo. The sandbox, the product and the database are processes of their
 * own, as in real life; what is compared are ratios.
 */

const { values: options } = parseArgs({
  options: {
    users: { type: "string", multiple: true, default: ["10000", "100000"] },
    json: { type: "boolean", default: false },
    latency: { type: "string", default: "0" },
    rounds: { type: "string", default: "1" },
  },
});
const rows: BenchRow[] = [];
for (const users of options.users.map(Number)) {
  for (let round = 0; round < Number(options.rounds); round += 1) rows.push(await measure(users));
}
await recordRows(rows);
if (options.json) console.log(JSON.stringify({ rows }));
else print(rows);

type BenchRow = {
  readonly users: number;
  readonly pages: number;
  readonly floorSeconds: number;
  readonly parseSeconds: number;
  readonly firstSeconds: number;
  readonly unchangedSeconds: number;
  readonly changedSeconds: number;
  readonly goneSeconds: number;
  readonly approveSeconds: number;
  readonly undoSeconds: number;
  readonly firstRatio: number;
  readonly unchangedRatio: number;
  readonly microsecondsPerUser: number;
  readonly memoryGrowthMiB: number;
};

async function measure(users: number): Promise<BenchRow> {
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  try {
    await using sandbox = startProcess("sandbox/src/main.ts", [
      ...["--users", String(users), "--population", "plain", "--rate-limits", "false", "--port", "0", "--json"],
      ...slowAnswers(Number(options.latency)),
    ]);
    const vendor = JSON.parse(await sandbox.line()) as FloorTarget;
    const product = await measureProduct(users, vendor, dataDir);
    const floor = await measureFloor(vendor, dataDir);
    return {
      users,
      pages: floor.pages,
      floorSeconds: floor.copySeconds,
      parseSeconds: floor.parseSeconds,
      ...product,
      firstRatio: product.firstSeconds / floor.copySeconds,
      unchangedRatio: product.unchangedSeconds / floor.parseSeconds,
      microsecondsPerUser: (product.firstSeconds * 1e6) / users,
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The figures of the promises about speed (docs/reliability.md), as far as these populations show them. */
async function recordRows(measured: readonly BenchRow[]): Promise<void> {
  const of = (users: number) => measured.find((row) => row.users === users);
  const [small, middle, large] = [of(10_000), of(100_000), of(1_000_000)];
  if (middle !== undefined) {
    await recordMeasured("H28", `${middle.firstRatio.toFixed(1)} times the floor, at a vendor that answers at once`);
    await recordMeasured("H29", `${middle.unchangedRatio.toFixed(1)} times, at a vendor that answers at once`);
  }
  if (small !== undefined && large !== undefined) {
    const perUser = measured.map(
      (row) => `${row.microsecondsPerUser.toFixed(0)} µs at ${row.users.toLocaleString("en")}`,
    );
    const grown = large.memoryGrowthMiB.toFixed(0);
    await recordMeasured("B10", `${grown} MiB at most, over five runs of 1,000,000 users and an approval`);
    await recordMeasured("H30", `first run, for a user: ${perUser.join(", ")}`);
  }
}

/** A vendor that takes its time, as one across the internet does; 0 is a vendor that answers as fast as this machine can. */
function slowAnswers(milliseconds: number): readonly string[] {
  if (milliseconds === 0) return [];
  const fault = { kind: "slow", delayMs: milliseconds };
  const rules = ["sites", "memberships", "members"].map((call) => ({ call, count: "always", fault }));
  return ["--faults", JSON.stringify(rules)];
}

/** The product as a process of its own with its embedded database. */
async function measureProduct(users: number, vendor: FloorTarget, dataDir: string) {
  const token = randomBytes(32).toString("hex");
  await using product = startProduct({
    LOG_LEVEL: "error",
    PORT: "0",
    DATABASE_URL: "",
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_API_TOKEN: token,
    ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
  });
  const api = apiOf((await product.line()).split(" ").at(-1) ?? "", token);
  const { id } = await launch(api, vendor);
  using memory = watchMemory(product.pid);
  const sync = async (expected: Partial<Run["counts"]>) => timedRun(api, `/integrations/${id}/runs`, expected);
  const first = await sync({ created: users });
  const unchanged = await sync({ unchanged: users });

  const control = vendorControl(vendor);
  const changedCount = Math.ceil(users / 100);
  await control.rename(changedCount);
  const changed = await sync({ updated: changedCount });

  const goneCount = Math.ceil(users / 20);
  await api("PATCH", `/integrations/${id}`, { guard: { maxPercent: 1, minCount: 1 } });
  await control.remove(goneCount);
  const gone = await sync({ withheld: goneCount });
  const began = performance.now();
  await api("POST", `/runs/${gone.run.id}/approve`, { reason: "They are gone." });
  const approveSeconds = (performance.now() - began) / 1000;
  const undo = await timedRun(api, `/runs/${gone.run.id}/undo`, { updated: goneCount });
  return {
    firstSeconds: first.seconds,
    unchangedSeconds: unchanged.seconds,
    changedSeconds: changed.seconds,
    goneSeconds: gone.seconds,
    approveSeconds,
    undoSeconds: undo.seconds,
    memoryGrowthMiB: memory.growthMiB(),
  };
}

/** From the run's own clock: what the job engine and polling add is not the pipeline's. */
async function timedRun(
  api: Api,
  start: string,
  expected: Partial<Run["counts"]>,
): Promise<{ run: Run; seconds: number }> {
  const started = await api<Run>("POST", start);
  for (;;) {
    const run = await api<Run>("GET", `/runs/${started.id}`);
    if (run.finishedAt !== null && run.startedAt !== null) {
      for (const [name, count] of Object.entries(expected)) {
        if (run.counts[name as keyof Run["counts"]] !== count)
          throw new Error(`not ${name} ${count}: ${JSON.stringify(run)}`);
      }
      return { run, seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000 };
    }
    await sleep(100);
  }
}

/** Growth of the process's resident memory over what it had before the first run, read from Linux's /proc. */
function watchMemory(pid: number): Disposable & { readonly growthMiB: () => number } {
  const resident = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  const before = resident();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, resident());
  }, 50);
  return { growthMiB: () => most - before, [Symbol.dispose]: () => clearInterval(timer) };
}

function print(measured: readonly BenchRow[]): void {
  const columns: [string, (row: BenchRow) => string][] = [
    ["users", (row) => String(row.users)],
    ["pages", (row) => String(row.pages)],
    ["floor s", (row) => row.floorSeconds.toFixed(2)],
    ["first s", (row) => row.firstSeconds.toFixed(2)],
    ["first / floor", (row) => row.firstRatio.toFixed(2)],
    ["fetch + parse s", (row) => row.parseSeconds.toFixed(2)],
    ["unchanged s", (row) => row.unchangedSeconds.toFixed(2)],
    ["unchanged / parse", (row) => row.unchangedRatio.toFixed(2)],
    ["1 % changed s", (row) => row.changedSeconds.toFixed(2)],
    ["5 % gone s", (row) => row.goneSeconds.toFixed(2)],
    ["approval s", (row) => row.approveSeconds.toFixed(2)],
    ["undo s", (row) => row.undoSeconds.toFixed(2)],
    ["us per user", (row) => row.microsecondsPerUser.toFixed(0)],
    ["memory MiB", (row) => row.memoryGrowthMiB.toFixed(0)],
  ];
  console.log(`| ${columns.map(([name]) => name).join(" | ")} |`);
  console.log(`| ${columns.map(() => "---:").join(" | ")} |`);
  for (const row of measured) console.log(`| ${columns.map(([, text]) => text(row)).join(" | ")} |`);
}
