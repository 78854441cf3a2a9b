import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import { type CreateIntegration, guardSchema, type IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import { filterSchema } from "@rollcall/core/mapping/filter-schema.ts";
import type { Transaction } from "../../postgres/database.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { checkSettings, connectorOf } from "./check-settings.ts";
import { chooseSoftware } from "./choose-software.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { insertIntegration, insertServiceAccount } from "./integration-store.ts";

/**
 * Creates a draft from a name, a connector and whatever else was decided; the rest has defaults. Returns its id.
 *
 * @throws ProductError `request.invalid`, `integration.name_taken`
 */
export async function createIntegration(
  transaction: Transaction,
  connectors: ConnectorCatalog,
  wanted: CreateIntegration,
  actorId: string,
): Promise<string> {
  const manifest = connectorOf(connectors, wanted.connector);
  const checked = await checkSettings(transaction, manifest, withDefaults(manifest, wanted), null);
  const { softwareId, softwareOutcome } = await chooseSoftware(transaction, manifest, checked, null);
  const integrationUser =
    checked.integrationUser ?? (await insertServiceAccount(transaction, `Rollcall: ${checked.name}`));
  const settings = { ...checked, softwareId, integrationUser };
  const id = await insertIntegration(transaction, { settings, softwareOutcome, changedBy: actorId });
  await recordAudit(transaction, {
    actorId,
    action: "integration.create",
    target: "integration",
    targetId: id,
    details: { name: settings.name, connector: settings.connector },
  });
  return id;
}

function withDefaults(manifest: Manifest, wanted: CreateIntegration): IntegrationSettings {
  return {
    name: wanted.name,
    connector: manifest.id,
    credentialId: wanted.credentialId ?? null,
    mode: wanted.mode ?? "user-only",
    softwareId: wanted.softwareId ?? null,
    deactivate: wanted.deactivate ?? false,
    personDeactivation: wanted.personDeactivation ?? "when-unseen",
    installation: wanted.installation ?? "cloud",
    preference: wanted.preference ?? "create-update",
    integrationUser: wanted.integrationUser ?? null,
    contacts: wanted.contacts ?? [],
    inputs: wanted.inputs ?? {},
    schedule: wanted.schedule ?? { kind: "daily", at: "02:00", timeZone: "UTC" },
    mapping: wanted.mapping ?? { rules: manifest.defaultMapping, customFields: [] },
    filter: wanted.filter ?? filterSchema.parse({}),
    guard: wanted.guard ?? guardSchema.parse({}),
  };
}
