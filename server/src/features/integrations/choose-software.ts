import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Integration, IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { findOrCreateSoftware } from "./software-store.ts";

type Software = Pick<Integration, "softwareId" | "softwareOutcome">;

/**
 * Which SaaS record an integration fills, and how it came to be that one. Left empty in user-plus-saas mode, it is found by
 * the connector's software-catalog entry, or created from it. The settings have passed `checkSettings`.
 */
export async function chooseSoftware(
  transaction: Transaction,
  manifest: Manifest,
  { mode, softwareId }: IntegrationSettings,
  before: Pick<IntegrationRow, "softwareId" | "softwareOutcome"> | null,
): Promise<Software> {
  if (softwareId !== null) {
    return { softwareId, softwareOutcome: keptOutcome(softwareId, before) ?? "chosen" };
  }
  if (mode === "user-only" || manifest.catalog === null) {
    return { softwareId: null, softwareOutcome: null };
  }
  const { id, outcome } = await findOrCreateSoftware(transaction, manifest.id, manifest.catalog);
  return { softwareId: id, softwareOutcome: keptOutcome(id, before) ?? outcome };
}

/** Saving something else later does not change how the record was come by. */
function keptOutcome(
  softwareId: string,
  before: Pick<IntegrationRow, "softwareId" | "softwareOutcome"> | null,
): Integration["softwareOutcome"] {
  return before?.softwareId === softwareId ? before.softwareOutcome : null;
}
