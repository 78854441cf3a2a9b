import type { IntegrationSettings, UpdateIntegration } from "@rollcall/core/contract/integrations.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { type ExpectedRevision, refuseOtherRevision } from "./expected-revision.ts";
import { lockedIntegration } from "./find-integration.ts";
import { type IntegrationRow, settingsOf } from "./integration-row.ts";
import { refuseProblems } from "./refuse-problems.ts";
import { saveSettings } from "./save-settings.ts";

type IntegrationUpdate = {
  readonly id: string;
  readonly patch: UpdateIntegration;
  readonly expected: ExpectedRevision;
  readonly actorId: string;
};

/**
 * Changes the settings that `patch` names; `guard` and `inputs` are merged by key, an input set to null gets its default.
 *
 * @throws ProductError `integration.not_found`, `integration.changed`, `integration.wrong_state`, `integration.name_taken`,
 *   `request.invalid`
 */
export async function updateIntegration(
  transaction: Transaction,
  connectors: ConnectorCatalog,
  { id, patch, expected, actorId }: IntegrationUpdate,
): Promise<void> {
  const before = await lockedIntegration(transaction, id);
  refuseOtherRevision(before, expected);
  refuseFixed(before, patch);
  const proposed = applyPatch(settingsOf(before), patch);
  await saveSettings(transaction, connectors, { before, proposed, actorId, action: "integration.update" });
}

/** A client may send back the whole document it read. */
function refuseFixed(before: IntegrationRow, { connector, status }: UpdateIntegration): void {
  refuseProblems([
    ...(connector === undefined || connector === before.connector
      ? []
      : [{ pointer: "/connector", message: "The connector of an integration cannot be changed; create another one." }]),
    ...(status === undefined || status === before.status
      ? []
      : [{ pointer: "/status", message: "The state is changed with launch, pause, resume and archive." }]),
  ]);
}

function applyPatch(before: IntegrationSettings, patch: UpdateIntegration): IntegrationSettings {
  const { guard, inputs, connector: _same, status: _state, ...others } = patch;
  return {
    ...before,
    ...given(others),
    guard: { ...before.guard, ...given(guard ?? {}) },
    inputs: { ...before.inputs, ...inputs },
  };
}

/** Without the keys whose value is undefined. */
function given<Patch extends object>(patch: Patch): { [Key in keyof Patch]?: Exclude<Patch[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<Patch>
  >;
}
