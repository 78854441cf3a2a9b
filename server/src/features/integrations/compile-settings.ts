import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import { type CompiledMappingOrProblems, compileMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import type { TargetField } from "@rollcall/core/mapping/mapping-schema.ts";

/** The mapping and filter of an integration, checked against what its connector gives and the inventory has. */
export function compileSettings(
  manifest: Manifest,
  targetFields: readonly TargetField[],
  settings: Pick<IntegrationSettings, "mapping" | "filter" | "mode">,
): CompiledMappingOrProblems {
  return compileMapping({
    mapping: settings.mapping,
    filter: settings.filter,
    mode: settings.mode,
    sourceFields: manifest.fields,
    targetFields,
    activity: manifest.activity,
    keyPath: manifest.streams[manifest.users]?.key ?? "",
  });
}
