import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import type { FieldProblem } from "@rollcall/core/errors.ts";
import { nearestNames } from "@rollcall/core/mapping/nearest-names.ts";
import { scheduleProblems } from "@rollcall/core/schedule/schedule-problems.ts";
import type { Transaction } from "../../postgres/database.ts";
import { checkInputs } from "./check-inputs.ts";
import { checkReferences } from "./check-references.ts";
import { compileSettings } from "./compile-settings.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { targetFieldsOf } from "./integration-fields.ts";
import { listFieldDefinitions } from "./integration-queries.ts";
import { problemsError, refuseProblems, under } from "./refuse-problems.ts";

/**
 * Checks settings as a whole, drafts too: what is saved can always be launched once a credential and a test are there.
 * Returns them with typed inputs and every default, ids as the database writes them. `before` are the settings they replace.
 *
 * @throws ProductError `request.invalid` with every problem by pointer
 */
export async function checkSettings(
  transaction: Transaction,
  manifest: Manifest,
  proposed: IntegrationSettings,
  before: IntegrationSettings | null,
): Promise<IntegrationSettings> {
  const targetFields = targetFieldsOf(await listFieldDefinitions(transaction));
  const { inputs, problems: inputProblems } = checkInputs(manifest, proposed.inputs);
  const compiled = compileSettings(manifest, targetFields, proposed);
  const settings = { ...proposed, ...lowerCaseIds(proposed), inputs: { ...inputs } };
  refuseProblems([
    ...inputProblems,
    ...under("/schedule", scheduleProblems(proposed.schedule)),
    ...(compiled.kind === "ok" ? [] : compiled.problems),
    ...(await checkReferences(transaction, manifest, settings, before)),
  ]);
  return { ...settings, contacts: [...new Set(settings.contacts)].sort() };
}

/**
 * The connector of an integration.
 *
 * @throws ProductError `request.invalid` naming the connectors there are, nearest first
 */
export function connectorOf(connectors: ConnectorCatalog, id: string): Manifest {
  const manifest = connectors.get(id);
  if (manifest === undefined) {
    throw problemsError([unknownConnector(connectors, id)]);
  }
  return manifest;
}

function unknownConnector(connectors: ConnectorCatalog, id: string): FieldProblem {
  const ids = connectors.list().map((known) => known.id);
  const ordered = [...new Set([...nearestNames(id, ids), ...ids])];
  return {
    pointer: "/connector",
    message: `There is no connector ${JSON.stringify(id)}. There are: ${ordered.join(", ") || "none"}.`,
  };
}

/** As PostgreSQL prints them, so that an id in other letters is no change. */
function lowerCaseIds({ credentialId, softwareId, integrationUser, contacts }: IntegrationSettings) {
  return {
    credentialId: credentialId?.toLowerCase() ?? null,
    softwareId: softwareId?.toLowerCase() ?? null,
    integrationUser: integrationUser?.toLowerCase() ?? null,
    contacts: contacts.map((id) => id.toLowerCase()),
  };
}
