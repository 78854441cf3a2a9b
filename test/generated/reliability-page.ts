import type { Measured } from "../record-measured.ts";
import { markdownTable } from "./markdown-table.ts";
import { reliabilityPromises } from "./reliability-promises.ts";

/** A file with tests; `path` is relative to the repository, with `/`. */
export type TestText = { readonly path: string; readonly text: string };

/** docs/reliability.md: what is promised when things go wrong, and the tests that prove it, found by their names. */
export function reliabilityPage(files: readonly TestText[], measured: Measured): string {
  const tests = findProofs(files);
  return `${[
    "<!-- Generated from the names of the tests by `npm run generate`; do not edit. -->",
    "# Reliability",
    "Every promise is a test, and every test below starts its name with the number of the promise. What is in a file called `*.nightly.test.ts` runs with `npm run test:nightly`, all else with `npm test`. What was measured was measured on a machine with two cores by the benchmark or a nightly test (`ROLLCALL_RECORD=1` keeps the figures).",
    ...reliabilityPromises.flatMap(({ title, promises }) => [
      `## ${title}`,
      markdownTable(
        ["", "promise", "tests", "measured"],
        Object.entries(promises).map(([number, promise]) => [
          number,
          promise,
          proofs(tests.get(number) ?? []),
          figure(measured[number]),
        ]),
      ),
    ]),
  ].join("\n\n")}\n`;
}

function figure(measured: Measured[string] | undefined): string {
  return measured === undefined ? "" : `${measured.measured} (${measured.on})`;
}

type Proof = { readonly name: string; readonly path: string };

// A name stands where a test is declared, or where a law that becomes a test has its name.
const numberedName = /(?:\btest\(|\bname:)\s*(["`])((?:[A-H]\d{1,2}\s)+[^\n]*?)\1/g;

/** The tests of each number; a test may prove several, and one that is declared in a loop stands once. */
function findProofs(files: readonly TestText[]): ReadonlyMap<string, readonly Proof[]> {
  const found = new Map<string, Proof[]>();
  for (const { path, text } of files) {
    for (const [, , whole = ""] of text.matchAll(numberedName)) {
      const numbers = /^(?:[A-H]\d{1,2}\s)+/.exec(whole)?.[0] ?? "";
      const name = whole.slice(numbers.length).replaceAll(/\$\{[^}]*\}+/g, "…");
      for (const number of numbers.trim().split(/\s/))
        found.set(number, [...(found.get(number) ?? []), { name, path }]);
    }
  }
  return found;
}

function proofs(tests: readonly Proof[]): string {
  return tests.length === 0
    ? "none yet"
    : tests.map(({ name, path }) => `${name} ([${path.split("/").at(-1)}](../${path}))`).join("<br>");
}
