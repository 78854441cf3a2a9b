/** A set of test files that one `node --test` runs. */
export type TestGroup = {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether every file gets a process of its own; the others of the group share one, which is ten times faster. */
  readonly separate: boolean;
  /** Runs while no other group does, because it loads the machine or watches its processes. */
  readonly alone: boolean;
};

type GroupRule = Omit<TestGroup, "files"> & { readonly takes: (path: string) => boolean };

/**
 * The first rule that takes a file has it. Two groups run at once, so the server's files are in two of about the same
 * length: the one that mostly waits for processes to start and die, and the one that mostly computes.
 */
const rules: readonly GroupRule[] = [
  {
    name: "whole product",
    takes: (path) => /^test\/(?!house-rules\/|generated\/)[^/]+\//.test(path),
    separate: true,
    alone: true,
  },
  {
    name: "server: database, queue, worker",
    takes: (path) => /^server\/(test|src\/(postgres|queue|worker))\//.test(path),
    separate: false,
    alone: false,
  },
  { name: "server: features, HTTP, sync", takes: (path) => path.startsWith("server/"), separate: false, alone: false },
  { name: "command line", takes: (path) => path.startsWith("cli/"), separate: true, alone: false },
  { name: "core, connectors, vendors, sandbox, house rules", takes: () => true, separate: false, alone: false },
];

/** Puts every file in exactly one group; groups without files are left out. Paths are relative to the repository, with `/`. */
export function groupTests(paths: readonly string[]): readonly TestGroup[] {
  const groups = rules.map(({ takes: _takes, ...rule }) => ({ ...rule, files: [] as string[] }));
  for (const path of paths.toSorted()) {
    groups[rules.findIndex(({ takes }) => takes(path))]?.files.push(path);
  }
  return groups.filter(({ files }) => files.length > 0);
}

export type TestSelection = {
  /** Parts of paths or glob patterns; a file is run when one of them fits, or there are none. */
  readonly patterns: readonly string[];
  readonly nightly: boolean;
};

/** Whether a test file belongs to the selection; `*.nightly.test.ts` runs at night, or when it is asked for by name. */
export function isSelected(path: string, { patterns, nightly }: TestSelection): boolean {
  const named = patterns.some((pattern) => path.includes(pattern));
  return named || (patterns.length === 0 && (nightly || !path.endsWith(".nightly.test.ts")));
}

/** What node:test's spec reporter says at its end; undefined when the process died before it. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export function readCounts(output: string): TestCounts | undefined {
  const counts = [...output.matchAll(/^ℹ (pass|fail|cancelled|skipped|todo) (\d+)$/gm)];
  if (counts.length < 5) {
    return undefined;
  }
  const of = (name: string): number => Number(counts.findLast(([, found]) => found === name)?.[2]);
  return { passed: of("pass"), failed: of("fail") + of("cancelled"), skipped: of("skipped") + of("todo") };
}
