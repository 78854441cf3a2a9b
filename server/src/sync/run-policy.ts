import { createHash } from "node:crypto";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import { derivedRoot } from "@rollcall/core/connector/manifest-fields.ts";
import type { CompiledMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import type { PlanPolicy } from "@rollcall/core/reconcile/plan.ts";
import type { RunSettings } from "../features/integrations/integration-queries.ts";

type Judgement = Pick<PlanPolicy, "complete" | "judgesAbsence"> &
  Pick<PlanPolicy["guard"], "windowDeactivated" | "goneLists">;

/** What a run's settings allow, in the words of the plan. */
export function runPolicy(settings: RunSettings, compiled: CompiledMapping, judgement: Judgement): PlanPolicy {
  const { enabled, maxPercent, minCount, windowPercent, confirmRuns } = settings.guard;
  return {
    mode: settings.mode,
    preference: settings.preference,
    deactivate: settings.deactivate,
    personDeactivation: settings.personDeactivation,
    restoreArchived: settings.filter.restoreArchived,
    fieldPolicies: Object.fromEntries(compiled.policies),
    uniqueFields: uniqueFieldsOf(settings, compiled),
    syncKeyCount: compiled.syncKeyCount,
    mandatoryFields: settings.fields
      .filter((field) => field.entity === "person" && field.mandatory && isMapped(compiled, field.name))
      .map((field) => field.name),
    complete: judgement.complete,
    judgesAbsence: judgement.judgesAbsence,
    guard: {
      enabled,
      maxPercent,
      minCount,
      windowPercent,
      confirmRuns,
      windowDeactivated: judgement.windowDeactivated,
      goneLists: judgement.goneLists,
    },
  };
}

/** Unique People fields that the mapping fills: the sync keys in order of priority, then the others. */
export function uniqueFieldsOf(settings: RunSettings, compiled: CompiledMapping): readonly string[] {
  const syncKeys = compiled.fields
    .flatMap(({ syncKey, name }) => (syncKey === null ? [] : [{ syncKey, name }]))
    .sort((one, other) => one.syncKey - other.syncKey)
    .map(({ name }) => name);
  const others = settings.fields
    .filter((field) => field.entity === "person" && field.unique && isMapped(compiled, field.name))
    .map((field) => field.name);
  return [...new Set([...syncKeys, ...others])];
}

/** Ties content hashes to the mapping: after a change of it every record is compared anew, and otherwise none is. */
export function mappingSalt(settings: RunSettings): string {
  const { mode, mapping } = settings;
  return createHash("sha256")
    .update(JSON.stringify([mode, mapping]))
    .digest("base64url")
    .slice(0, 16);
}

/** Pointers into the joined record that the mapping and filter read; what no pointer needs is not fetched. */
export function usedPointers(manifest: Manifest, settings: RunSettings): readonly string[] {
  const rules = settings.mapping.rules.filter(
    (rule) => settings.mode === "user-plus-saas" || !rule.target.startsWith("saas."),
  );
  const named = JSON.stringify([
    rules.map((rule) => rule.source),
    settings.filter.rules,
    settings.mapping.customFields,
  ]);
  const wholeRecord = named.includes(derivedRoot);
  return manifest.fields
    .filter((field) => wholeRecord || named.includes(JSON.stringify(field.id)))
    .map((field) => field.path);
}

function isMapped(compiled: CompiledMapping, name: string): boolean {
  return compiled.fields.some((field) => field.group === "person" && field.name === name);
}
