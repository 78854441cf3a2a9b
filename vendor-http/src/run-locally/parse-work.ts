import { type Manifest, manifestSchema } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import type { StreamPlan } from "@rollcall/core/connector/plan-streams.ts";
import type { RunnerWork } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { type CompiledMapping, compileMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import { filterSchema } from "@rollcall/core/mapping/filter-schema.ts";
import { mappingSchema, type TargetField } from "@rollcall/core/mapping/mapping-schema.ts";
import { parseReadCheckpoint, type ReadCheckpoint } from "../read-checkpoint.ts";

/** A run to read, checked and ready. */
export type LocalWork = {
  readonly runId: string;
  readonly lease: string;
  readonly integration: { readonly id: string; readonly name: string };
  readonly startedAt: string;
  readonly manifest: Manifest;
  readonly inputs: InputValues;
  readonly compiled: CompiledMapping;
  readonly plan: readonly StreamPlan[];
  readonly onlyKeys: ReadonlySet<string> | null;
  readonly maxPages: number;
  readonly generation: number;
  readonly accepted: number;
  readonly reading: ReadCheckpoint;
  readonly unavailable: ReadonlySet<string> | null;
};

/**
 * Reads what the server says is to be done.
 *
 * @throws ProductError `runner.other_version` when this program understands it otherwise
 */
export function parseWork(work: RunnerWork): LocalWork {
  const manifest = manifestSchema.safeParse(work.manifest);
  const mapping = mappingSchema.safeParse(work.mapping);
  const filter = filterSchema.safeParse(work.filter);
  if (!manifest.success || !mapping.success || !filter.success) throw notUnderstood();
  const compiled = compileMapping({
    mapping: mapping.data,
    filter: filter.data,
    mode: work.mode,
    sourceFields: manifest.data.fields,
    // The server's own definitions; the contract keeps them open for properties of later versions.
    targetFields: work.targetFields as unknown as readonly TargetField[],
    activity: manifest.data.activity,
    keyPath: manifest.data.streams[manifest.data.users]?.key ?? "",
  });
  if (compiled.kind === "invalid") throw notUnderstood();
  return {
    ...work,
    manifest: manifest.data,
    inputs: work.inputs as InputValues,
    compiled: compiled.compiled,
    onlyKeys: work.onlyKeys === null ? null : new Set(work.onlyKeys),
    reading: parseReadCheckpoint(work.reading),
    unavailable: work.unavailable === null ? null : new Set(work.unavailable),
  };
}

function notUnderstood(): ProductError {
  return new ProductError(
    "runner.other_version",
    "The server's connector or mapping is not one that this runner understands. Install the rollcall that comes with the server.",
  );
}
