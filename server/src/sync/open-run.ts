import { planStreams } from "@rollcall/core/connector/plan-streams.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { compileSettings } from "../features/integrations/compile-settings.ts";
import { loadRunSettings, type RunSettings } from "../features/integrations/integration-queries.ts";
import type { RunRow } from "../features/runs/run-row.ts";
import type { RunContext } from "./run-context.ts";
import { mappingSalt, uniqueFieldsOf, usedPointers } from "./run-policy.ts";
import type { StageContext } from "./stage-batch.ts";
import { stageTables } from "./stage-tables.ts";
import type { SyncParts } from "./sync-parts.ts";

/**
 * Everything that a claimed run works with.
 *
 * @throws ProductError `connector.unresolved`, `integration.not_ready`
 */
export async function openRun(parts: SyncParts, run: RunRow, lease: string): Promise<RunContext> {
  const settings = await settingsOf(parts, run);
  const manifest = parts.connectors.get(settings.connector);
  if (manifest === undefined) {
    throw new ProductError(
      "connector.unresolved",
      `There is no connector ${settings.connector} any more; put its folder back.`,
    );
  }
  const compiled = compileSettings(manifest, settings.targetFields, settings);
  if (compiled.kind === "invalid") {
    throw new ProductError(
      "integration.not_ready",
      `The mapping of “${settings.name}” no longer fits; open it and save it.`,
      {
        problems: compiled.problems,
      },
    );
  }
  return {
    parts,
    database: parts.database,
    run,
    lease,
    settings,
    manifest,
    compiled: compiled.compiled,
    streams: planStreams(manifest, settings.inputs, usedPointers(manifest, settings)),
    tables: stageTables(run.id),
    startedAt: run.startedAt ?? parts.now(),
  };
}

async function settingsOf(parts: SyncParts, run: RunRow): Promise<RunSettings> {
  const settings = await loadRunSettings(parts.database, run.integrationId);
  if (settings === undefined) throw new Error(`run ${run.id} belongs to no integration`);
  return settings;
}

/** What its users are mapped and staged with. */
export function stageContext({ settings, manifest, compiled, tables, startedAt }: RunContext): StageContext {
  return {
    manifest,
    inputs: settings.inputs,
    compiled,
    uniqueFields: uniqueFieldsOf(settings, compiled),
    salt: mappingSalt(settings),
    integrationId: settings.integrationId,
    needsSaasUser: settings.mode === "user-plus-saas",
    tables,
    now: startedAt.toISOString(),
  };
}
