import { type CompiledMapping, compileMapping } from "../mapping/compile-mapping.ts";
import { builtInTargets } from "./built-in-targets.ts";
import { checkScenario } from "./check-scenario.ts";
import {
  type ConnectorFolder,
  expectedSchema,
  recordingSchema,
  type ScenarioFiles,
  scenarioInputsSchema,
} from "./connector-folder.ts";
import { findSecrets } from "./find-secrets.ts";
import type { Manifest } from "./manifest.ts";
import { parseManifest } from "./parse-manifest.ts";

/** One thing a connector must do; `detail` says what is wrong and where, and is empty when it is well. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

/**
 * The contract of a connector, checked over its recordings: its data is valid, its listings end with proof and only
 * with proof, its mapping gives what is expected. Later checks are left out when an earlier one they need has failed.
 */
export function checkConnector(folder: ConnectorFolder): readonly Check[] {
  const parsed = parseManifest(folder.manifest);
  const problems = parsed.kind === "ok" ? [] : parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
  const checks = [
    check("the manifest follows the schema and its rules", problems),
    check("the folder has recordings", folder.scenarios.length === 0 ? ["recordings/ has no scenario"] : []),
    check("recordings hold no secrets and no real addresses", folder.scenarios.flatMap(secretsIn)),
  ];
  if (parsed.kind === "invalid") return checks;
  const { manifest } = parsed;
  const compiled = compileDefaultMapping(manifest);
  return [
    ...checks,
    check("the folder is named after the id", folder.id === manifest.id ? [] : [`${folder.id} is not ${manifest.id}`]),
    check("the README explains every input", unexplainedInputs(manifest, folder.readme)),
    check("what the vendor does not provide is not mapped", inventedFields(manifest)),
    check("the default mapping compiles", compiled.problems),
    ...folder.scenarios.flatMap((scenario) => checkScenarioFiles(manifest, compiled.mapping, scenario)),
  ];
}

function checkScenarioFiles(
  manifest: Manifest,
  mapping: CompiledMapping | null,
  files: ScenarioFiles,
): readonly Check[] {
  const inputs = scenarioInputsSchema.safeParse(files.inputs);
  const expected = expectedSchema.safeParse(files.expected);
  const recordings = files.recordings.map(({ file, content }) => ({ file, read: recordingSchema.safeParse(content) }));
  const problems = [
    ...(inputs.success ? [] : [`inputs.json: ${inputs.error.message}`]),
    ...(expected.success ? [] : [`expected/${files.name}.json: ${expected.error.message}`]),
    ...recordings.flatMap(({ file, read }) => (read.success ? [] : [`${file}: ${read.error.message}`])),
  ];
  const formed = check(`${files.name}: its files are well formed`, problems);
  if (!inputs.success || !expected.success || !formed.ok || mapping === null) return [formed];
  const scenario = {
    name: files.name,
    inputs: inputs.data.inputs,
    recordings: recordings.flatMap(({ read }) => (read.success ? [read.data] : [])),
    expected: expected.data,
  };
  return [formed, ...checkScenario(manifest, mapping, scenario).map(({ name, problems }) => check(name, problems))];
}

function compileDefaultMapping(manifest: Manifest): {
  readonly mapping: CompiledMapping | null;
  readonly problems: readonly string[];
} {
  const result = compileMapping({
    mapping: { rules: manifest.defaultMapping, customFields: [] },
    sourceFields: manifest.fields,
    targetFields: builtInTargets,
    filter: { mode: "always", rules: null, restoreArchived: false },
    activity: manifest.activity,
    keyPath: manifest.streams[manifest.users]?.key ?? "",
    mode: "user-plus-saas",
  });
  if (result.kind === "ok") return { mapping: result.compiled, problems: [] };
  return { mapping: null, problems: result.problems.map(({ pointer, message }) => `${pointer}: ${message}`) };
}

function secretsIn(files: ScenarioFiles): readonly string[] {
  return files.recordings.flatMap(({ file, content }) =>
    findSecrets(JSON.stringify(content) ?? "").map((kind) => `${files.name}/${file} looks like it holds ${kind}`),
  );
}

function unexplainedInputs(manifest: Manifest, readme: string | null): readonly string[] {
  if (readme === null) return ["there is no README.md"];
  return Object.values(manifest.inputs)
    .filter((input) => !readme.includes(input.label))
    .map((input) => `README.md does not name "${input.label}"`);
}

function inventedFields(manifest: Manifest): readonly string[] {
  const targets = { lastActivity: "saas.lastActivity", status: "saas.status" } as const;
  return manifest.notProvided
    .filter(({ field }) => manifest.defaultMapping.some((rule) => rule.target === targets[field]))
    .map(({ field }) => `${field} is not provided, but the default mapping fills it`);
}

function check(name: string, problems: readonly string[]): Check {
  return { name, ok: problems.length === 0, detail: problems.join("\n") };
}
