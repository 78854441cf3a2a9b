import type { CodeFile } from "./code-file.ts";
import { baseName, isTestFile } from "./source.ts";

/** Rules about what a file of code may hold. Each gives one sentence for each thing that is wrong. */

const longestFile = 400;

/** Files above the limit, with the reason. */
const longFiles: ReadonlyMap<string, string> = new Map([
  ["core/src/errors.ts", "it is one table"],
  ["server/src/postgres/tables.ts", "it is generated"],
]);

export function findLongFiles(files: readonly CodeFile[]): readonly string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > longestFile && !longFiles.has(path))
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${longestFile}.`);
}

/** The core gets time, chance and the world as arguments. */
export function findImpurities(files: readonly CodeFile[]): readonly string[] {
  const worldly = [
    "process",
    "console",
    "fetch",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "performance",
    "crypto",
    "Buffer",
  ];
  return files
    .filter(({ path }) => path.startsWith("core/src/") && !isTestFile(path))
    .flatMap(({ path, calls, names }) => [
      ...calls
        .filter(isClockOrChance)
        .map(({ callee }) => `${path} calls ${callee}: the core gets time and chance as arguments.`),
      ...worldly
        .filter((name) => names.has(name))
        .map((name) => `${path} uses ${name}: the core is pure and runs in a browser.`),
    ]);
}

function isClockOrChance({ callee, constructs, argumentCount }: CodeFile["calls"][number]): boolean {
  return (
    callee === "Date.now" || callee === "Math.random" || (callee === "Date" && (!constructs || argumentCount === 0))
  );
}

const sqlStart =
  /^\s*(select\s|insert\s+into\s|update\s+[\w."?]+\s+(\w+\s+)?set\s|delete\s+from\s|with\s+\w+\s*(\([^)]*\)\s*)?as\s|(create|drop|alter)\s+(table|index|unlogged|schema|database|function|extension)\s|truncate\s|copy\s+[\w."?]+\s|lock\s+table\s|listen\s|notify\s)/;
const sqlHomes =
  /(-store|-queries|-row|-fixtures)\.ts$|^server\/src\/(sync|postgres|queue)\/|^server\/test\/|^test\/|\.test\.ts$/;
const builderCalls = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/;

/** SQL lives in stores, queries, rows (the columns that both share), sync, postgres and queue. */
export function findStraySql(files: readonly CodeFile[]): readonly string[] {
  return files
    .filter(({ path }) => !sqlHomes.test(path))
    .filter(
      ({ texts, calls }) =>
        texts.some(isSql) || calls.some(({ callee }) => callee === "sql" || builderCalls.test(callee)),
    )
    .map(({ path }) => `${path} holds SQL: put it into a -store.ts or -queries.ts.`);
}

/** A sentence may start with a word of SQL, but with a capital one. */
function isSql(text: string): boolean {
  return sqlStart.test(/^\s*[A-Z]{2,}\b/.test(text) ? text.toLowerCase() : text);
}

/** Only vendor-http asks vendors; the command line asks its server, the tests whom they like. */
export function findStrayFetches(files: readonly CodeFile[]): readonly string[] {
  return files
    .filter(({ path }) => /^(core|vendor-http|server)\/src\//.test(path) && !isTestFile(path))
    .filter(({ calls }) => calls.some(({ callee }) => callee === "fetch" || callee === "globalThis.fetch"))
    .map(({ path }) => `${path} calls fetch: outgoing requests go through vendor-http, which checks where they lead.`);
}

/** Syntax that the house does without. */
export function findOddSyntax(files: readonly CodeFile[]): readonly string[] {
  const allowedBases = ["Error", "ProductError"];
  return files.flatMap(({ path, oddities, bases, exports }) => [
    ...oddities.map((oddity) => `${path} has ${oddity}.`),
    ...(exports.includes("default") && !isToolConfig(path) ? [`${path} has a default export.`] : []),
    ...bases.filter((base) => !allowedBases.includes(base)).map((base) => `${path} has a class that extends ${base}.`),
  ]);
}

/** A tool demands the default export of its configuration, as in vite.config.ts. */
function isToolConfig(path: string): boolean {
  return path.endsWith(".config.ts");
}

const vagueNames = /^(index|utils?|helpers?|common|misc|shared|lib|constants|types)$/;

/** Files whose one export has another name, with the reason. */
const oddNames: ReadonlyMap<string, string> = new Map([
  ["server/src/postgres/like.ts", "it is about the operator of that name"],
]);

/** A file is named after an idea of its own; what it exports says so, where that is one thing. */
export function findBadNames(files: readonly CodeFile[]): readonly string[] {
  return files.flatMap(({ path, exports }) => {
    const parts = path.split("/").map((part) => part.replace(/\..*$/, ""));
    const vague = parts.filter((part) => vagueNames.test(part));
    if (vague.length > 0) {
      return [`${path} is called ${vague.join(" and ")}: name the idea.`];
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$|^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/.test(baseName(path))) {
      return [`${path} is not named in lower-case-words.`];
    }
    const [name = ""] = exports;
    const named =
      exports.length !== 1 ||
      isToolConfig(path) ||
      isTestFile(path) ||
      oddNames.has(path) ||
      shareWord(baseName(path), name);
    return named ? [] : [`${path} exports nothing of its name, only ${name}.`];
  });
}

/** Whether a file's name and an export's have a word in common, of which the first five letters count. */
function shareWord(file: string, name: string): boolean {
  const stems = (words: readonly string[]): readonly string[] => words.map((word) => word.toLowerCase().slice(0, 5));
  const inFile = stems(file.split(/[-.]/).slice(0, -1));
  return stems(name.split(/(?<=[a-z0-9])(?=[A-Z])/)).some((stem) =>
    inFile.some((word) => stem.startsWith(word.slice(0, 4)) || word.startsWith(stem.slice(0, 4))),
  );
}

const testCall = /^(test|it|describe|t\.test)$/;
const asideCall = /(^|\.)(only|todo)$|^(test|it|describe|suite)\.skip$/;

/** Every test file tests, and no test is set aside; a test may skip itself where the machine lacks something, and says why. */
export function findIdleTests(files: readonly CodeFile[]): readonly string[] {
  return files
    .filter(({ path }) => isTestFile(path))
    .flatMap(({ path, calls }) => [
      ...(calls.some(({ callee }) => testCall.test(callee)) ? [] : [`${path} has no test.`]),
      ...calls.filter(({ callee }) => asideCall.test(callee)).map(({ callee }) => `${path} has ${callee}.`),
      ...calls
        .filter(({ callee, flags }) => testCall.test(callee) && flags.some((flag) => /^(only|skip|todo)$/.test(flag)))
        .map(({ callee, flags }) => `${path} has a ${callee} with ${flags.join(" and ")}.`),
    ]);
}
