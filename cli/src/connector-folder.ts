import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ConnectorFolder, ScenarioFiles } from "@rollcall/core/connector/connector-folder.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { parse } from "yaml";

/**
 * Reads a connector's folder (connector.yaml, README.md, recordings/<scenario>/*.json, expected/<scenario>.json) as data
 * for the contract suite. Throws ProductError `connector.invalid` when a file cannot be parsed or the manifest is missing.
 */
export async function readConnectorFolder(path: string): Promise<ConnectorFolder> {
  const id = basename(resolve(path));
  const manifestText = await readText(join(path, "connector.yaml"));
  if (manifestText === null) throw new ProductError("connector.invalid", `The folder ${id} has no connector.yaml.`);
  const scenarios = await readNames(join(path, "recordings"));
  return {
    id,
    manifest: parseManifestText(id, manifestText),
    readme: await readText(join(path, "README.md")),
    scenarios: await Promise.all(scenarios.map((name) => readScenario(path, name))),
  };
}

/** Parses connector.yaml. Anchors and aliases are refused: a manifest says everything where it stands. */
export function parseManifestText(id: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, strict: true, uniqueKeys: true });
  } catch (cause) {
    const where = cause instanceof Error ? cause.message.split("\n", 1)[0] : "";
    throw new ProductError("connector.invalid", `connector.yaml of ${id} is not valid YAML: ${where}`, { cause });
  }
}

async function readScenario(path: string, name: string): Promise<ScenarioFiles> {
  const folder = join(path, "recordings", name);
  const files = (await readNames(folder)).filter((file) => file.endsWith(".json") && file !== "inputs.json");
  return {
    name,
    inputs: await readJson(join(folder, "inputs.json")),
    recordings: await Promise.all(files.map(async (file) => ({ file, content: await readJson(join(folder, file)) }))),
    expected: await readJson(join(path, "expected", `${name}.json`)),
  };
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProductError("connector.invalid", `${basename(file)} is not valid JSON.`, { cause });
  }
}

/** The file's text; null when there is no such file. */
async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

/** Sorted names in a folder; none when there is no such folder. */
async function readNames(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
