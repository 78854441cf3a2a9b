import { glob } from "node:fs/promises";
import { join } from "node:path";
import { startTestPostgres } from "@rollcall/server/test/start-test-postgres.ts";
import { runNode } from "./run-process.ts";
import { groupTests, isSelected, readCounts, type TestCounts, type TestGroup } from "./test-groups.ts";

/**
 * `npm test [-- part-of-a-path …]`: all tests in a few processes that share one throw-away PostgreSQL. Prints a line for each group,
 * all of a failing group's failures, and at the end `N passed, N failed`. With `--nightly` the long sweeps run too.
 */

const root = join(import.meta.dirname, "..");
const nightly = process.argv.includes("--nightly");
const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

// A test that hangs is named; a process that never ends has left a server, a socket or a timer open.
const longestTest = nightly ? 2 * 3_600_000 : 45 * 60_000;
const longestGroup = nightly ? 4 * 3_600_000 : 3 * 3_600_000;

const started = performance.now();
const groups = groupTests((await testFiles()).filter((path) => isSelected(path, { patterns, nightly })));
const counts = await runGroups(groups);
const passed = sum(counts, "passed");
const failed = sum(counts, "failed");
const skipped = sum(counts, "skipped");
console.log(`${seconds(started)} in all${skipped === 0 ? "" : `, ${skipped} skipped`}`);
console.log(`${passed} passed, ${failed} failed`);
if (passed + failed === 0) {
  console.error(`No test has ${patterns.join(" or ")} in the path of its file.`);
}
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

async function testFiles(): Promise<readonly string[]> {
  const ignored = (name: string): boolean => name === "node_modules" || name.startsWith(".");
  const found = await Array.fromAsync(
    glob("**/*.test.ts", { cwd: root, exclude: (path) => path.split(/[\\/]/).some(ignored) }),
  );
  return found.map((path) => path.replaceAll("\\", "/"));
}

async function runGroups(all: readonly TestGroup[]): Promise<readonly TestCounts[]> {
  const given = process.env.ROLLCALL_TEST_DATABASE_URL;
  await using postgres = given === undefined || given === "" ? await startTestPostgres() : undefined;
  const environment = {
    ...process.env,
    ROLLCALL_TEST_DATABASE_URL: postgres?.connectionString ?? given,
    ROLLCALL_PROPERTY_RUNS: process.env.ROLLCALL_PROPERTY_RUNS ?? (nightly ? "10000" : undefined),
  };
  const waiting = all.filter(({ alone }) => !alone);
  const results: TestCounts[] = [];
  const workThrough = async (queue: TestGroup[]): Promise<void> => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      results.push(await runGroup(group, environment));
    }
  };
  await Promise.all([workThrough(waiting), workThrough(waiting)]);
  await workThrough(all.filter(({ alone }) => alone));
  return results;
}

async function runGroup(group: TestGroup, env: NodeJS.ProcessEnv): Promise<TestCounts> {
  const begun = performance.now();
  const isolation = group.separate ? ["--test-concurrency=1"] : ["--test-isolation=none"];
  const seed = nightly ? [] : [`--import=${new URL("pin-property-seed.ts", import.meta.url)}`];
  const args = [
    ...seed,
    "--test",
    "--test-reporter=spec",
    `--test-timeout=${longestTest}`,
    ...isolation,
    ...group.files,
  ];
  const { end, output } = await runNode(args, { cwd: root, env, timeout: longestGroup });
  const found = readCounts(output);
  if (end === "0" && found !== undefined) {
    console.log(`✔ ${group.name}: ${found.passed} passed, ${seconds(begun)}`);
    return found;
  }
  const failures = found === undefined ? -1 : output.lastIndexOf("✖ failing tests:");
  console.log(`✖ ${group.name}, ${seconds(begun)}\n${failures === -1 ? output : output.slice(failures)}`);
  if (failures !== -1) console.log(logLines(output).join("\n"));
  if (found === undefined || found.failed === 0) {
    console.log(
      `The process of ${group.name} ended with ${end}${end === "SIGKILL" ? " (too slow, or never ended)" : ""}.`,
    );
    return { passed: found?.passed ?? 0, failed: 1, skipped: found?.skipped ?? 0 };
  }
  return found;
}

/** The last of what the product logged as an error: why it failed stands there, and seldom in the failed test. */
function logLines(output: string): readonly string[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith('{"level":"error"'))
    .slice(-20);
}

function sum(counts: readonly TestCounts[], name: keyof TestCounts): number {
  return counts.reduce((total, each) => total + each[name], 0);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
