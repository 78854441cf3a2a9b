import type { CustomField, Mapping, MappingRule } from "@rollcall/core/mapping/mapping-schema.ts";

/** Changes to a mapping that is not saved yet. Each gives a new mapping and leaves the old one as it was. */

/** Maps a source to a target; what the target had before is replaced, its sync key and policy stay. */
export function mapTarget(mapping: Mapping, target: string, source: string): Mapping {
  const known = mapping.rules.some((rule) => rule.target === target);
  const rules = known
    ? mapping.rules.map((rule) => (rule.target === target ? withSource(rule, source) : rule))
    : [...mapping.rules, { source, target }];
  return { ...mapping, rules };
}

export function unmapTarget(mapping: Mapping, target: string): Mapping {
  return renumbered({ ...mapping, rules: mapping.rules.filter((rule) => rule.target !== target) });
}

export function changeRule(mapping: Mapping, target: string, change: (rule: MappingRule) => MappingRule): Mapping {
  return { ...mapping, rules: mapping.rules.map((rule) => (rule.target === target ? change(rule) : rule)) };
}

/** The sync keys' targets, in order of priority. */
export function syncKeyTargets({ rules }: Mapping): readonly string[] {
  return rules
    .filter(({ syncKey }) => syncKey !== undefined)
    .toSorted((a, b) => (a.syncKey ?? 0) - (b.syncKey ?? 0))
    .map(({ target }) => target);
}

/** Makes exactly these targets the sync keys, in this order. */
export function setSyncKeys(mapping: Mapping, targets: readonly string[]): Mapping {
  const rules = mapping.rules.map((rule) => {
    const place = targets.indexOf(rule.target);
    const { syncKey: _syncKey, writeSyncKey, ...others } = rule;
    if (place === -1) return others;
    // Only a later sync key has the choice whether it is written.
    return { ...others, syncKey: place + 1, ...(place > 0 && writeSyncKey !== undefined ? { writeSyncKey } : {}) };
  });
  return { ...mapping, rules };
}

export function addCustomField(mapping: Mapping, field: CustomField): Mapping {
  return { ...mapping, customFields: [...mapping.customFields, field] };
}

/** Changes a custom field; rules that use it follow its new name. */
export function replaceCustomField(mapping: Mapping, name: string, field: CustomField): Mapping {
  return {
    rules: mapping.rules.map((rule) => (rule.source === name ? { ...rule, source: field.name } : rule)),
    customFields: mapping.customFields.map((each) => (each.name === name ? field : each)),
  };
}

/** Removes a custom field and the rules that use it. */
export function removeCustomField(mapping: Mapping, name: string): Mapping {
  return renumbered({
    rules: mapping.rules.filter(({ source }) => source !== name),
    customFields: mapping.customFields.filter((field) => field.name !== name),
  });
}

/** A constant as a mapping writes it: `{{"User"}}`. */
export function constantSource(text: string): string {
  return `{{"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}}`;
}

/** The text of a constant; null when the source is none. */
export function constantText(source: string): string | null {
  const inside = /^\s*\{\{\s*(["'])([\s\S]*)\1\s*\}\}\s*$/.exec(source)?.[2];
  return inside === undefined ? null : inside.replaceAll(/\\(["'\\])/g, "$1");
}

function withSource(rule: MappingRule, source: string): MappingRule {
  const { functions: _functions, ...others } = rule;
  return source === rule.source ? rule : { ...others, source };
}

/** Sync keys numbered 1, 2, 3 again. */
function renumbered(mapping: Mapping): Mapping {
  return setSyncKeys(mapping, syncKeyTargets(mapping));
}
