import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { integrationById } from "./find-integration.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { saveTest } from "./integration-store.ts";
import { connectionSubject } from "./launch-checklist.ts";
import type { VendorProbe } from "./vendor-probe.ts";

export type TestParts = { readonly database: Database; readonly vendor: VendorProbe; readonly now: () => Date };

/**
 * Tries the connection of an integration at its vendor and keeps the outcome; one that says no is an outcome too.
 *
 * @throws ProductError `integration.not_found`
 */
export async function testIntegration(
  parts: TestParts,
  id: string,
  actorId: string,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const row = await integrationById(parts.database, id);
  const impossible = whyNotHere(row);
  const outcome: TestOutcome =
    impossible === undefined
      ? await parts.vendor.testIntegration(row.id, signal)
      : { ok: false, code: "integration.not_ready", ...impossible, at: parts.now().toISOString() };
  await inTransaction(parts.database, async (transaction) => {
    // Deleted while the vendor was asked: the outcome is still the answer to the question.
    if (await saveTest(transaction, row.id, { ...outcome, subject: connectionSubject(row) })) {
      const details = { name: row.name, ok: outcome.ok, code: outcome.code };
      await recordAudit(transaction, {
        actorId,
        action: "integration.test",
        target: "integration",
        targetId: row.id,
        details,
      });
    }
  });
  return outcome;
}

function whyNotHere(row: IntegrationRow): Pick<TestOutcome, "message" | "nextStep"> | undefined {
  if (row.installation === "local") {
    return {
      message: "The credential is on the machine of the runner, so the connection cannot be tried from here.",
      nextStep: "Start a run: the runner tries the credential with the first page.",
    };
  }
  return row.credentialId === null
    ? { message: "The integration has no credential.", nextStep: "Choose a credential and test again." }
    : undefined;
}
