import type { FieldProblem } from "../errors.ts";
import { isMandatory, isSaasTarget, saasPrefix } from "./check-targets.ts";
import { isTrackingSource, type Sources } from "./compile-sources.ts";
import { type ConvertedValue, type ConvertValue, compileConversion } from "./convert-value.ts";
import { type ApplyFunction, compileFunction } from "./functions.ts";
import type { FieldPolicy, MappingRule, TargetField } from "./mapping-schema.ts";
import type { CompiledSource } from "./source.ts";

/** One rule of a mapping, ready for many records. */
export type CompiledField = {
  /** The full name, for problems; `name` is the one within its group. */
  readonly target: string;
  readonly group: "person" | "saas";
  readonly name: string;
  readonly source: CompiledSource;
  readonly functions: readonly ApplyFunction[];
  readonly convert: ConvertValue;
  readonly mandatory: boolean;
  /** Whether the value goes into the outcome; not for a sync key that only finds. */
  readonly written: boolean;
  /** Place among the sync keys, 0 being the first. */
  readonly syncKey: number | null;
  readonly policy: FieldPolicy;
};

type CompileFieldInput = {
  readonly rule: MappingRule;
  readonly target: TargetField | undefined;
  readonly pointer: string;
  readonly sources: Sources;
  readonly problems: FieldProblem[];
};

/** Compiles one rule; null for a tracking field or when a problem was added. Unknown targets are reported elsewhere. */
export function compileField({ rule, target, pointer, sources, problems }: CompileFieldInput): CompiledField | null {
  if (isTrackingSource(rule.source)) {
    if (target !== undefined) checkTracking(rule, target, pointer, problems);
    return null;
  }
  const found = sources.findForRule(rule.source);
  if (found.kind === "invalid") problems.push({ pointer: `${pointer}/source`, message: found.message });
  const functions = compileFunctions(rule, pointer, problems);
  if (found.kind === "invalid" || functions === null || target === undefined) return null;
  const { source } = found;
  const convert = compileConversion(target);
  const mandatory = isMandatory(target);
  const constant = source.root === null ? source.read(null) : undefined;
  if (constant !== undefined) {
    const message = constantProblem(rule, target, applyAll(functions, convert, constant));
    if (message !== null) problems.push({ pointer: `${pointer}/source`, message });
  }
  const onlyFinds = rule.syncKey !== undefined && rule.syncKey > 1 && rule.writeSyncKey !== true;
  const isSaas = isSaasTarget(rule.target);
  return {
    target: rule.target,
    group: isSaas ? "saas" : "person",
    name: isSaas ? rule.target.slice(saasPrefix.length) : rule.target,
    source,
    functions,
    convert,
    mandatory,
    written: !onlyFinds || mandatory,
    syncKey: rule.syncKey === undefined ? null : rule.syncKey - 1,
    policy: onlyFinds ? "on-create" : (rule.policy ?? "always"),
  };
}

/** The value after the functions and the conversion, or the first problem on the way. */
export function applyAll(functions: readonly ApplyFunction[], convert: ConvertValue, value: unknown): ConvertedValue {
  let current = value;
  for (const apply of functions) {
    const result = apply(current);
    if (result.kind === "problem") return result;
    current = result.value;
  }
  return convert(current);
}

function compileFunctions(
  rule: MappingRule,
  pointer: string,
  problems: FieldProblem[],
): readonly ApplyFunction[] | null {
  const functions: ApplyFunction[] = [];
  let isComplete = true;
  (rule.functions ?? []).forEach((definition, index) => {
    const compiled = compileFunction(definition);
    if (compiled.kind === "ok") functions.push(compiled.apply);
    else {
      isComplete = false;
      const at = `${pointer}/functions/${index}/${compiled.argument}`;
      problems.push({ pointer: at, message: compiled.message });
    }
  });
  return isComplete ? functions : null;
}

function constantProblem(rule: MappingRule, target: TargetField, result: ConvertedValue): string | null {
  if (result.kind === "problem") return `The constant does not fit ${target.label}: it takes ${result.expected}.`;
  if (rule.syncKey !== undefined) {
    return `A constant cannot be a sync key, since it is the same for everybody; choose a field for ${target.label}.`;
  }
  if (target.unique) return `${target.label} is unique, and a constant is the same for everybody; choose a field.`;
  if (result.value === null && isMandatory(target))
    return `${target.label} is mandatory; write a constant that is not empty.`;
  return null;
}

function checkTracking(rule: MappingRule, target: TargetField, pointer: string, problems: FieldProblem[]): void {
  const refuse = (part: string, message: string) => problems.push({ pointer: `${pointer}/${part}`, message });
  if (rule.syncKey !== undefined) {
    refuse("syncKey", "A tracking field is no sync key; choose a field of the vendor.");
    return;
  }
  if ((rule.functions ?? []).length > 0) refuse("functions", "A tracking field takes no functions; remove them.");
  if (isMandatory(target) || target.unique) {
    const kind = isMandatory(target) ? "mandatory" : "unique";
    refuse("target", `${target.label} is ${kind} and cannot hold a tracking field; choose another field.`);
  }
  const isTime = rule.source === "connector.syncTime";
  const isText = target.type === "short-text" || target.type === "long-text";
  if (!isText && !(isTime && target.type === "date-time")) {
    refuse(
      "target",
      `${target.label} must be a text${isTime ? " or date-time" : ""} field to hold this tracking field.`,
    );
  }
}
