import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { StreamPlan } from "@rollcall/core/connector/plan-streams.ts";
import type { CompiledMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import type { RunSettings } from "../features/integrations/integration-queries.ts";
import type { RunRow } from "../features/runs/run-row.ts";
import type { Database } from "../postgres/database.ts";
import type { StageTables } from "./stage-tables.ts";
import type { SyncParts } from "./sync-parts.ts";

/** A claimed run with everything it works with. */
export type RunContext = {
  readonly parts: SyncParts;
  readonly database: Database;
  readonly run: RunRow;
  readonly lease: string;
  readonly settings: RunSettings;
  readonly manifest: Manifest;
  readonly compiled: CompiledMapping;
  readonly streams: readonly StreamPlan[];
  readonly tables: StageTables;
  readonly startedAt: Date;
};
