import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeGeneratedFiles } from "./generated/generated-files.ts";
import { runNode } from "./run-process.ts";

/** `npm run check`: types, lint and format, unused code, generated files. Runs all, says all that is wrong, then fails. */

const root = join(import.meta.dirname, "..");

/** What a step has to complain about; empty when it is content. */
type Step = { readonly name: string; readonly findProblems: () => Promise<string> };

const steps: readonly Step[] = [
  ...[".", "console"].map((project) => ({
    name: project === "." ? "types" : `types of the ${project}`,
    findProblems: async () => await runTool("typescript/bin/tsc", ["--noEmit", "--pretty", "-p", project]),
  })),
  {
    name: "lint and format",
    findProblems: async () => await runTool("@biomejs/biome/bin/biome", ["ci", "--colors=off", "."]),
  },
  {
    name: "unused files, exports and dependencies",
    findProblems: async () => await runTool("knip/bin/knip.js", ["--no-progress"]),
  },
  { name: "generated files", findProblems: findStaleFiles },
];

const begun = performance.now();
const running = steps.map(async ({ name, findProblems }) => ({
  name,
  problems: await findProblems(),
  at: performance.now(),
}));
for (const step of running) {
  const { name, problems, at } = await step;
  console.log(`${problems === "" ? "✔" : "✖"} ${name}, ${((at - begun) / 1000).toFixed(1)} s`);
  if (problems !== "") {
    console.log(`${problems.trimEnd()}\n`);
    process.exitCode = 1;
  }
}

async function runTool(script: string, options: readonly string[]): Promise<string> {
  const { end, output } = await runNode([join(root, "node_modules", script), ...options], { cwd: root });
  return end === "0" ? "" : output || `${script} ended with ${end}.`;
}

async function findStaleFiles(): Promise<string> {
  const stale: string[] = [];
  for (const { path, text } of await makeGeneratedFiles()) {
    const committed = await readFile(join(root, path), "utf8").catch(() => undefined);
    if (committed !== text) {
      stale.push(
        `${path} ${committed === undefined ? "is missing" : "is not what its sources make"}: run npm run generate.`,
      );
    }
  }
  return stale.join("\n");
}
