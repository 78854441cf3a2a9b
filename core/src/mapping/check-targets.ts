import type { FieldProblem } from "../errors.ts";
import type { Mapping, MappingRule, TargetField } from "./mapping-schema.ts";
import { suggestNames } from "./nearest-names.ts";

export const saasPrefix = "saas.";
const mandatoryPeopleFields: readonly string[] = ["username", "email", "role"];

export function isSaasTarget(target: string): boolean {
  return target.startsWith(saasPrefix);
}

/** Username, e-mail and role are mandatory for People whatever the field's definition says. */
export function isMandatory(target: Pick<TargetField, "name" | "mandatory">): boolean {
  return target.mandatory || mandatoryPeopleFields.includes(target.name);
}

type CheckedMapping = {
  readonly mapping: Mapping;
  readonly targetFields: readonly TargetField[];
  readonly mode: "user-only" | "user-plus-saas";
};

/** Every target known and mapped once, every mandatory one mapped, the sync keys usable and in order. */
export function checkTargets({ mapping, targetFields, mode }: CheckedMapping, problems: FieldProblem[]): void {
  const targets = new Map(targetFields.map((field) => [field.name, field]));
  const seen = new Map<string, number>();
  mapping.rules.forEach(({ target }, index) => {
    const pointer = `/mapping/rules/${index}/target`;
    if (!targets.has(target) || isUnsafeName(target)) {
      const message = `There is no inventory field “${target}”. ${suggestNames(target, [...targets.keys()])} Or add it to the inventory.`;
      problems.push({ pointer, message });
    }
    const first = seen.get(target);
    if (first === undefined) seen.set(target, index);
    else
      problems.push({ pointer, message: `“${target}” is already mapped by rule ${first + 1}; remove one of the two.` });
  });
  checkMandatory(targetFields, seen, mode, problems);
  checkSyncKeys(mapping.rules, targets, problems);
}

/** An outcome's fields are plain objects, in which this one name would set the prototype. */
function isUnsafeName(target: string): boolean {
  return target === "__proto__" || target === `${saasPrefix}__proto__`;
}

function checkMandatory(
  targetFields: readonly TargetField[],
  mapped: ReadonlyMap<string, number>,
  mode: CheckedMapping["mode"],
  problems: FieldProblem[],
): void {
  const defined = targetFields.filter(
    (field) => field.mandatory && (mode === "user-plus-saas" || !isSaasTarget(field.name)),
  );
  const names = new Set([...mandatoryPeopleFields, ...defined.map((field) => field.name)]);
  for (const name of names) {
    if (mapped.has(name)) continue;
    const message = `The mandatory field “${name}” is not mapped; map a field of the vendor to it, or a constant where everybody has the same value.`;
    problems.push({ pointer: "/mapping/rules", message });
  }
}

function checkSyncKeys(
  rules: readonly MappingRule[],
  targets: ReadonlyMap<string, TargetField>,
  problems: FieldProblem[],
): void {
  const priorities = new Map<number, number>();
  const keys = rules.flatMap((rule, index) =>
    rule.syncKey === undefined ? [] : [{ rule, index, priority: rule.syncKey }],
  );
  if (keys.length === 0) {
    const message = "No sync key is chosen; make a unique field, such as email, sync key 1.";
    problems.push({ pointer: "/mapping/rules", message });
  }
  for (const { rule, index, priority } of keys) {
    const pointer = `/mapping/rules/${index}/syncKey`;
    const target = targets.get(rule.target);
    if (isSaasTarget(rule.target)) {
      problems.push({ pointer, message: "A sync key finds people, so it must be a People field." });
    } else if (target !== undefined && !target.unique) {
      const unique = [...targets.values()]
        .filter((field) => field.unique && !isSaasTarget(field.name))
        .map((field) => field.name);
      const message = `“${rule.target}” is not unique and cannot be a sync key; use ${unique.join(" or ") || "a unique field"}.`;
      problems.push({ pointer, message });
    }
    const other = priorities.get(priority);
    if (other !== undefined) {
      problems.push({
        pointer,
        message: `Priority ${priority} is already taken by rule ${other + 1}; number the sync keys 1, 2, 3.`,
      });
    } else priorities.set(priority, index);
  }
  for (const [priority, index] of priorities) {
    if (priority === 1 || priorities.has(priority - 1)) continue;
    const message = `There is no sync key ${priority - 1} before sync key ${priority}; number them 1, 2, 3 without gaps.`;
    problems.push({ pointer: `/mapping/rules/${index}/syncKey`, message });
  }
}
