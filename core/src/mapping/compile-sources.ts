import type { FieldProblem } from "../errors.ts";
import type { CustomField, SourceField } from "./mapping-schema.ts";
import { suggestNames } from "./nearest-names.ts";
import {
  type CompiledSource,
  type CompiledSourceOrMessage,
  isConstantText,
  sourceFromPath,
  sourceFromPointer,
} from "./source.ts";

/** Fields about the run itself: accepted as sources, derived where they are shown, never written per record. */
export const trackingFields = [
  { id: "connector.syncTime", label: "Connector: Sync Time" },
  { id: "connect.credentials", label: "Connect: Credentials" },
] as const;

export function isTrackingSource(source: string): boolean {
  return trackingFields.some(({ id }) => id === source);
}

export type Sources = {
  /** For a mapping rule: a connector field, a custom field or a constant. */
  readonly findForRule: (name: string) => CompiledSourceOrMessage;
  /** For a filter rule: a connector field, a custom field or a path. */
  readonly findForFilter: (name: string) => CompiledSourceOrMessage;
  readonly roots: ReadonlyMap<string, string>;
};

/** Everything a value can come from, by name. Faulty definitions are added to `problems`. */
export function compileSources(
  sourceFields: readonly SourceField[],
  customFields: readonly CustomField[],
  problems: FieldProblem[],
): Sources {
  // A faulty definition stays known (null), so that its users are not reported as unknown on top.
  const byName = new Map<string, CompiledSource | null>();
  const roots = new Map<string, string>();
  for (const field of sourceFields) {
    const found = sourceFromPointer(field.id, field.path);
    byName.set(field.id, found.kind === "ok" ? found.source : null);
    if (found.kind === "ok" && found.source.root !== null) roots.set(field.id, found.source.root);
    if (found.kind === "invalid") {
      const message = `The connector's field ${field.id} is defective: ${found.message} Report it to its author.`;
      problems.push({ pointer: "/connector", message });
    }
  }
  addCustomFields(sourceFields, customFields, byName, problems);
  const known = [...byName.keys()];
  return {
    roots,
    findForRule: (name) => {
      if (byName.has(name)) return foundOrFaulty(name, byName.get(name));
      if (name.trimStart().startsWith("{{")) {
        return isConstantText(name)
          ? sourceFromPath(name, name)
          : invalid('Only a constant such as {{"User"}} can stand here; add a custom field for a path and choose it.');
      }
      const names = [...known, ...trackingFields.map(({ id }) => id)];
      return invalid(
        `There is no field “${name}”. ${suggestNames(name, names)} For another field of the vendor, add a custom field.`,
      );
    },
    findForFilter: (name) => {
      if (byName.has(name)) return foundOrFaulty(name, byName.get(name));
      if (/^\s*(?:\/|\{\{)|[.[]/.test(name) && !isConstantText(name)) return sourceFromPath(name, name);
      return invalid(
        `There is no field “${name}”. ${suggestNames(name, known)} For another field of the vendor, write its path: /name.`,
      );
    },
  };
}

function addCustomFields(
  sourceFields: readonly SourceField[],
  customFields: readonly CustomField[],
  byName: Map<string, CompiledSource | null>,
  problems: FieldProblem[],
): void {
  const taken = new Map<string, string>();
  for (const { id, label } of [...sourceFields, ...trackingFields]) {
    taken.set(fold(id), `a field of the connector (${label})`);
    taken.set(fold(label), `a field of the connector (${label})`);
  }
  customFields.forEach((field, index) => {
    const pointer = `/mapping/customFields/${index}`;
    const owner = taken.get(fold(field.name));
    if (field.name.trim() === "")
      problems.push({ pointer: `${pointer}/name`, message: "The name is blank; write one." });
    else if (isConstantText(field.name)) {
      problems.push({
        pointer: `${pointer}/name`,
        message: "The name looks like a constant; write the constant as the path.",
      });
    } else if (owner !== undefined) {
      const message = `The name “${field.name}” already belongs to ${owner}; choose another.`;
      problems.push({ pointer: `${pointer}/name`, message });
    }
    taken.set(fold(field.name), "another custom field");
    const found = sourceFromPath(field.name, field.path);
    if (found.kind === "invalid") problems.push({ pointer: `${pointer}/path`, message: found.message });
    if (!byName.has(field.name)) byName.set(field.name, found.kind === "ok" ? found.source : null);
  });
}

/** A faulty source is reported where it is defined; here it only reads nothing. */
function foundOrFaulty(name: string, source: CompiledSource | null | undefined): CompiledSourceOrMessage {
  const faulty: CompiledSource = { name, read: () => undefined, root: null, isConnectorField: false };
  return { kind: "ok", source: source ?? faulty };
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

function invalid(message: string): CompiledSourceOrMessage {
  return { kind: "invalid", message };
}
