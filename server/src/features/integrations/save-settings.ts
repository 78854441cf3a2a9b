import type { IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { checkSettings, connectorOf } from "./check-settings.ts";
import { chooseSoftware } from "./choose-software.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { hasRunUnderWay } from "./integration-queries.ts";
import { type IntegrationRow, settingsOf } from "./integration-row.ts";
import { closeOpenPlans, updateSettings } from "./integration-store.ts";
import { jsonDiff } from "./json-diff.ts";
import { refuseProblems } from "./refuse-problems.ts";

type SettingsChange = {
  readonly before: IntegrationRow;
  readonly proposed: IntegrationSettings;
  readonly actorId: string;
  readonly action: "integration.update" | "integration.restore";
  readonly details?: Readonly<Record<string, unknown>>;
};

/**
 * Replaces the settings of an integration that the caller holds locked, as a new revision; settings that are the same write
 * nothing.
 *
 * @throws ProductError `request.invalid`, `integration.name_taken`, `integration.wrong_state`
 */
export async function saveSettings(
  transaction: Transaction,
  connectors: ConnectorCatalog,
  { before, proposed, actorId, action, details }: SettingsChange,
): Promise<void> {
  if (before.status === "archived") {
    throw new ProductError(
      "integration.wrong_state",
      `Integration ${before.name} is archived and stays as it is. Create a new integration.`,
    );
  }
  const manifest = connectorOf(connectors, proposed.connector);
  const old = settingsOf(before);
  const checked = await checkSettings(transaction, manifest, proposed, old);
  refuseUnready(before, checked);
  if (checked.installation !== before.installation && (await hasRunUnderWay(transaction, before.id))) {
    throw new ProductError(
      "integration.run_under_way",
      `A run of integration ${before.name} is read where it was begun. Wait for it or cancel it, then change the installation.`,
      { problems: [{ pointer: "/installation", message: "cannot be changed while a run is under way" }] },
    );
  }
  const { softwareId, softwareOutcome } = await chooseSoftware(transaction, manifest, checked, before);
  const settings = { ...checked, softwareId };
  const changed = jsonDiff(old, settings).map(({ pointer }) => pointer);
  if (changed.length === 0) {
    return;
  }
  await updateSettings(transaction, before, { settings, softwareOutcome, changedBy: actorId });
  if (changed.some((pointer) => !saysNothingOfUsers.test(pointer))) await closeOpenPlans(transaction, before.id);
  await recordAudit(transaction, {
    actorId,
    action,
    target: "integration",
    targetId: before.id,
    details: { name: settings.name, revision: before.revision + 1, changed, ...details },
  });
}

/** Settings that could not have led to another plan; what the guard kept back, a person decides about. */
const saysNothingOfUsers = /^\/(?:name|contacts|schedule|guard)(?:\/|$)/;

/** What a launched integration cannot do without, it cannot lose while it is active. */
function refuseUnready({ status }: IntegrationRow, settings: IntegrationSettings): void {
  if (status !== "active") {
    return;
  }
  refuseProblems([
    ...(settings.installation === "cloud" && settings.credentialId === null
      ? [{ pointer: "/credentialId", message: "An active integration needs a credential; pause it first." }]
      : []),
    ...(settings.integrationUser === null
      ? [{ pointer: "/integrationUser", message: "An active integration needs an integration user; pause it first." }]
      : []),
  ]);
}
