import { type PathStep, parsePath, parsePointer, readSteps } from "./path.ts";

/** Where a value comes from, ready to be read from many records. */
export type CompiledSource = {
  /** As written: a field's id, a custom field's name, a path or a constant. */
  readonly name: string;
  readonly read: (record: unknown) => unknown;
  /** The first step into the record, null for a constant. */
  readonly root: string | null;
  readonly isConnectorField: boolean;
};

/** The ids of fields whose stream was not read completely in this run. */
export type Unavailable = ReadonlySet<string>;

/** Where to look up the root of a connector field by its id. */
export type RootsById = ReadonlyMap<string, string>;

export type CompiledSourceOrMessage =
  | { readonly kind: "ok"; readonly source: CompiledSource }
  | { readonly kind: "invalid"; readonly message: string };

/** A source from a path as people write it; `name` is what it is called in problems. */
export function sourceFromPath(name: string, text: string): CompiledSourceOrMessage {
  const parsed = parsePath(text);
  if (parsed.kind === "invalid") return { kind: "invalid", message: `${parsed.message} (character ${parsed.at + 1})` };
  if (parsed.path.kind === "steps") return { kind: "ok", source: sourceFromSteps(name, parsed.path.steps, false) };
  const { value } = parsed.path;
  return { kind: "ok", source: { name, read: () => value, root: null, isConnectorField: false } };
}

/** A source from a connector field's JSON Pointer. */
export function sourceFromPointer(name: string, pointer: string): CompiledSourceOrMessage {
  const parsed = parsePointer(pointer);
  if (parsed.kind === "invalid") return parsed;
  return { kind: "ok", source: sourceFromSteps(name, parsed.path.kind === "steps" ? parsed.path.steps : [], true) };
}

/** Whether the text is meant as a constant; `{{profile.name}}` is not. */
export function isConstantText(text: string): boolean {
  return /^\s*\{\{\s*["']/.test(text);
}

/**
 * Whether a source must be left alone in this run. Connector fields are listed by id. A path of the administrator's own
 * may lead into the same joined part of the record (`memberships[0].site` beside the connector's role), so it counts
 * as not read when it starts at the same property.
 */
export function isUnavailable(source: CompiledSource, unavailable: Unavailable, roots: RootsById): boolean {
  if (unavailable.has(source.name)) return true;
  if (source.isConnectorField || source.root === null) return false;
  for (const id of unavailable) if (roots.get(id) === source.root) return true;
  return false;
}

function sourceFromSteps(name: string, steps: readonly PathStep[], isConnectorField: boolean): CompiledSource {
  return { name, read: (record) => readSteps(steps, record), root: steps[0]?.name ?? null, isConnectorField };
}
