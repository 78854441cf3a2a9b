import { ProductError } from "@rollcall/core/errors.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { keepSchedule } from "../schedules/keep-schedule.ts";
import { moveTo, refuseUnready, refuseWrongState, type StatusChange } from "./change-status.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { refuseOtherRevision } from "./expected-revision.ts";
import { integrationById, lockedIntegration } from "./find-integration.ts";
import { targetFieldsOf } from "./integration-fields.ts";
import { listFieldDefinitions } from "./integration-queries.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { hasPassedTest, launchChecklist, missingItems } from "./launch-checklist.ts";
import { type TestParts, testIntegration } from "./test-integration.ts";

type LaunchParts = TestParts & { readonly connectors: ConnectorCatalog };

/**
 * Draft → active, when the whole checklist is ticked off. The connection is tested first if it was not within the last hour;
 * nothing is locked while the vendor answers.
 *
 * @throws ProductError `integration.not_found`, `integration.changed`, `integration.wrong_state`; `integration.not_ready`
 *   listing what is missing
 */
export async function launchIntegration(parts: LaunchParts, change: StatusChange, signal: AbortSignal): Promise<void> {
  const draft = await integrationById(parts.database, change.id);
  refuseOtherRevision(draft, change.expected);
  refuseWrongState(draft, "launched", ["draft"]);
  await refuseIncomplete(parts, draft);
  await refuseUnconnected(parts, draft, change.actorId, signal);
  await inTransaction(parts.database, async (transaction) => {
    const current = await lockedIntegration(transaction, draft.id);
    refuseWrongState(current, "launched", ["draft"]);
    refuseOtherRevision(current, draft.revision);
    await moveTo(transaction, current, "active", "integration.launch", change.actorId);
    await keepSchedule(transaction, current.id, parts.now());
  });
}

async function refuseIncomplete({ database, connectors, now }: LaunchParts, row: IntegrationRow): Promise<void> {
  const targetFields = targetFieldsOf(await listFieldDefinitions(database));
  const manifest = connectors.get(row.connector);
  const checklist = launchChecklist({ row, manifest, targetFields, now: now() });
  const missing = checklist.filter(({ ok }) => !ok);
  // The test alone is missing: it is made now. Without the rest it could not pass, so it is only listed.
  if (missing.some(({ item }) => item !== "connection-test")) {
    refuseUnready(row, missingItems(missing));
  }
}

async function refuseUnconnected(
  parts: LaunchParts,
  row: IntegrationRow,
  actorId: string,
  signal: AbortSignal,
): Promise<void> {
  if (row.installation === "local" || hasPassedTest(row, parts.now())) {
    return;
  }
  const { ok, code, message, nextStep } = await testIntegration(parts, row.id, actorId, signal);
  if (!ok) {
    const sentence = nextStep === null ? message : `${message} ${nextStep}`;
    throw new ProductError(
      "integration.not_ready",
      `The connection test of integration ${row.name} failed. ${sentence}`,
      {
        details: { testCode: code },
        problems: [{ pointer: "/lastTest", message: sentence }],
      },
    );
  }
}
