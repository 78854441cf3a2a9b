import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { recordAudit } from "../audit/audit-store.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { type ExpectedRevision, refuseOtherRevision } from "./expected-revision.ts";
import { lockedIntegration } from "./find-integration.ts";
import { targetFieldsOf } from "./integration-fields.ts";
import { hasRunUnderWay, listFieldDefinitions } from "./integration-queries.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { closeOpenPlans, updateStatus } from "./integration-store.ts";
import { launchChecklist, missingItems } from "./launch-checklist.ts";

type Status = Integration["status"];

export type StatusChange = { readonly id: string; readonly expected: ExpectedRevision; readonly actorId: string };

/**
 * Active → paused: the schedule stops, a run under way goes on, and runs can still be started by hand.
 *
 * @throws ProductError `integration.not_found`, `integration.changed`, `integration.wrong_state`
 */
export async function pauseIntegration(transaction: Transaction, change: StatusChange): Promise<void> {
  const before = await lockedIntegration(transaction, change.id);
  refuseOtherRevision(before, change.expected);
  refuseWrongState(before, "paused", ["active"]);
  await moveTo(transaction, before, "paused", "integration.pause", change.actorId);
}

/**
 * Paused → active, when nothing that a run needs was taken away meanwhile. Runs missed during the pause are not made up for.
 *
 * @throws ProductError as pausing, and `integration.not_ready`
 */
export async function resumeIntegration(
  transaction: Transaction,
  parts: { readonly connectors: ConnectorCatalog; readonly now: () => Date },
  change: StatusChange,
): Promise<void> {
  const before = await lockedIntegration(transaction, change.id);
  refuseOtherRevision(before, change.expected);
  refuseWrongState(before, "resumed", ["paused"]);
  const manifest = parts.connectors.get(before.connector);
  const targetFields = targetFieldsOf(await listFieldDefinitions(transaction));
  const checklist = launchChecklist({ row: before, manifest, targetFields, now: parts.now() });
  refuseUnready(before, missingItems(checklist.filter(({ item }) => item !== "connection-test")));
  await moveTo(transaction, before, "active", "integration.resume", change.actorId);
}

/**
 * Draft, active or paused → archived, for good: it never runs again, and its name is free for another. Records and history
 * stay as they are.
 *
 * @throws ProductError as pausing, and `integration.run_under_way`
 */
export async function archiveIntegration(transaction: Transaction, change: StatusChange): Promise<void> {
  const before = await lockedIntegration(transaction, change.id);
  refuseOtherRevision(before, change.expected);
  refuseWrongState(before, "archived", ["draft", "active", "paused"]);
  if (await hasRunUnderWay(transaction, before.id)) {
    throw new ProductError(
      "integration.run_under_way",
      `A run of integration ${before.name} waits or is under way. Cancel it, or wait for it, then archive.`,
    );
  }
  await closeOpenPlans(transaction, before.id);
  await moveTo(transaction, before, "archived", "integration.archive", change.actorId);
}

/** @throws ProductError `integration.wrong_state` */
export function refuseWrongState({ name, status }: IntegrationRow, wanted: string, from: readonly Status[]): void {
  if (!from.includes(status)) {
    throw new ProductError(
      "integration.wrong_state",
      `Integration ${name} is ${status}; only one that is ${from.join(" or ")} can be ${wanted}.`,
      { details: { status } },
    );
  }
}

/** @throws ProductError `integration.not_ready` when something is missing */
export function refuseUnready({ name }: IntegrationRow, missing: ReturnType<typeof missingItems>): void {
  if (missing.length > 0) {
    throw new ProductError(
      "integration.not_ready",
      `Integration ${name} is not ready: ${missing.map(({ message }) => message).join(" ")}`,
      { problems: missing },
    );
  }
}

/** Writes the new state of an integration that the caller holds locked. */
export async function moveTo(
  transaction: Transaction,
  before: IntegrationRow,
  status: Status,
  action: `integration.${"launch" | "pause" | "resume" | "archive"}`,
  actorId: string,
): Promise<void> {
  await updateStatus(transaction, before.id, status);
  const details = { name: before.name, before: before.status, after: status };
  await recordAudit(transaction, { actorId, action, target: "integration", targetId: before.id, details });
}
