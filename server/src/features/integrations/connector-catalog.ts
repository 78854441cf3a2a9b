import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import { parseManifest } from "@rollcall/core/connector/parse-manifest.ts";
import { type FieldProblem, ProductError } from "@rollcall/core/errors.ts";
import { parseDocument } from "yaml";

/** The connectors this program knows, ordered by name. */
export type ConnectorCatalog = {
  readonly list: () => readonly Manifest[];
  readonly get: (id: string) => Manifest | undefined;
};

/**
 * Reads every `<folder>/<id>/connector.yaml`. One that is wrong stops the start: an integration of a connector that silently
 * went missing would look like a vendor without users.
 *
 * @throws ProductError `connector.invalid` naming the file and the place in it
 */
export async function loadConnectorCatalog(folder: string): Promise<ConnectorCatalog> {
  const manifests: Manifest[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).filter((found) => found.isDirectory())) {
    manifests.push(await readConnector(join(folder, entry.name)));
  }
  return connectorCatalog(manifests);
}

function connectorCatalog(manifests: readonly Manifest[]): ConnectorCatalog {
  const ordered = manifests.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  const byId = new Map(ordered.map((manifest) => [manifest.id, manifest]));
  return { list: () => ordered, get: (id) => byId.get(id) };
}

async function readConnector(folder: string): Promise<Manifest> {
  const file = join(folder, "connector.yaml");
  const place = `${basename(folder)}/connector.yaml`;
  const parsed = parseManifest(parseYaml(await readText(file, place), place));
  if (parsed.kind === "invalid") {
    throw invalid(place, parsed.problems);
  }
  if (parsed.manifest.id !== basename(folder)) {
    throw invalid(place, [{ pointer: "/id", message: `Must be the folder's name, ${basename(folder)}.` }]);
  }
  return parsed.manifest;
}

async function readText(file: string, place: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ProductError("connector.invalid", `The connector's file ${place} cannot be read; restore it.`, { cause });
  }
}

function parseYaml(text: string, place: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new ProductError("connector.invalid", `${place} is not YAML: ${error.message}`, { cause: error });
  }
  return document.toJS({ maxAliasCount: 0 });
}

function invalid(place: string, problems: readonly FieldProblem[]): ProductError {
  const lines = problems.map(({ pointer, message }) => `${pointer === "" ? "/" : pointer}: ${message}`);
  return new ProductError("connector.invalid", `${place} is not a valid connector. ${lines.join(" ")}`, {
    details: { file: place },
    problems,
  });
}
