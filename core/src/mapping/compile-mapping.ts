import type { FieldProblem } from "../errors.ts";
import { type ActivityRule, type CompiledActivity, compileActivity } from "./activity.ts";
import { checkTargets, isSaasTarget } from "./check-targets.ts";
import { type CompiledField, compileField } from "./compile-field.ts";
import { compileSources, isTrackingSource, type Sources } from "./compile-sources.ts";
import { compileFilter, type PassesFilter } from "./evaluate-filter.ts";
import type { Filter } from "./filter-schema.ts";
import type { FieldPolicy, Mapping, SourceField, TargetField } from "./mapping-schema.ts";
import { type CompiledSource, type RootsById, sourceFromPointer } from "./source.ts";

export type MappingInput = {
  readonly mapping: Mapping;
  readonly sourceFields: readonly SourceField[];
  readonly targetFields: readonly TargetField[];
  readonly filter: Filter;
  readonly activity: ActivityRule;
  /** JSON Pointer of the vendor's immutable id in a record. */
  readonly keyPath: string;
  /** With `user-only`, rules for `saas.` fields are checked and kept but write nothing. */
  readonly mode: "user-only" | "user-plus-saas";
};

/** A mapping that has passed every check, ready for many records. Immutable; may be shared. */
export type CompiledMapping = {
  readonly key: CompiledSource;
  readonly passes: PassesFilter | null;
  readonly fields: readonly CompiledField[];
  readonly syncKeyCount: number;
  readonly activity: Exclude<CompiledActivity, { kind: "invalid" }>;
  readonly roots: RootsById;
  /** Targets of the tracking fields, by full name. They are derived from the run, so `mapRecord` never writes them. */
  readonly tracking: readonly { readonly target: string; readonly source: string }[];
  /**
   * When each mapped target (full name) may be written. A mandatory field that is a later sync key without
   * `writeSyncKey` is `on-create`: the new person needs it, afterwards it only finds.
   */
  readonly policies: ReadonlyMap<string, FieldPolicy>;
};

export type CompiledMappingOrProblems =
  | { readonly kind: "ok"; readonly compiled: CompiledMapping }
  | { readonly kind: "invalid"; readonly problems: readonly FieldProblem[] };

/**
 * Checks a mapping and its filter against the fields there are, and makes it ready for `mapRecord`. Returns every
 * problem, with pointers into the integration document (`/mapping/rules/2/target`).
 */
export function compileMapping(input: MappingInput): CompiledMappingOrProblems {
  const problems: FieldProblem[] = [];
  const sources = compileSources(input.sourceFields, input.mapping.customFields, problems);
  const fields = compileRules(input, sources, problems);
  checkTargets(input, problems);
  const filter = compileFilter(input.filter, { findSource: sources.findForFilter, roots: sources.roots });
  if (filter.kind === "invalid") problems.push(...filter.problems);
  const key = sourceFromPointer("key", input.keyPath);
  const activity = compileActivity(input.activity);
  if (key.kind === "invalid") problems.push(connectorProblem("key", key.message));
  if (activity.kind === "invalid") problems.push(connectorProblem("activity rule", activity.message));
  if (problems.length > 0 || key.kind === "invalid" || activity.kind === "invalid")
    return { kind: "invalid", problems };
  const compiled: CompiledMapping = {
    key: key.source,
    passes: filter.kind === "if" ? filter.passes : null,
    fields: fields.filter((field) => input.mode === "user-plus-saas" || field.group === "person"),
    syncKeyCount: fields.filter((field) => field.syncKey !== null).length,
    activity,
    roots: sources.roots,
    tracking: trackingOf(input),
    policies: new Map(fields.map((field) => [field.target, field.policy])),
  };
  return { kind: "ok", compiled };
}

/** Sorted by target, so that the order of the rules changes nothing, not even the order of an outcome's fields. */
function compileRules(input: MappingInput, sources: Sources, problems: FieldProblem[]): readonly CompiledField[] {
  const targets = new Map(input.targetFields.map((field) => [field.name, field]));
  const fields: CompiledField[] = [];
  input.mapping.rules.forEach((rule, index) => {
    const target = targets.get(rule.target);
    const field = compileField({ rule, target, pointer: `/mapping/rules/${index}`, sources, problems });
    if (field !== null) fields.push(field);
  });
  return fields.sort((a, b) => (a.target < b.target ? -1 : 1));
}

function trackingOf(input: MappingInput): CompiledMapping["tracking"] {
  return input.mapping.rules
    .filter((rule) => isTrackingSource(rule.source) && (input.mode === "user-plus-saas" || !isSaasTarget(rule.target)))
    .map(({ target, source }) => ({ target, source }));
}

/** What is wrong with the connector's own data cannot be corrected in the document; the message says whom to tell. */
function connectorProblem(what: string, message: string): FieldProblem {
  return {
    pointer: "/connector",
    message: `The connector's ${what} is defective: ${message} Report it to its author.`,
  };
}
