import { integrationSettingsSchema } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { type ExpectedRevision, refuseOtherRevision } from "./expected-revision.ts";
import { lockedIntegration } from "./find-integration.ts";
import { problemsError } from "./refuse-problems.ts";
import { findRevisionDocument } from "./revision-queries.ts";
import { saveSettings } from "./save-settings.ts";

type Restoration = {
  readonly id: string;
  /** As it stands in the address. */
  readonly number: string;
  readonly expected: ExpectedRevision;
  readonly actorId: string;
};

/**
 * Saves the settings of an earlier revision again, as a new one. They are checked like any others: what they refer to may be
 * gone.
 *
 * @throws ProductError `integration.not_found`, `integration.revision_not_found`, and what `updateIntegration` throws
 */
export async function restoreRevision(
  transaction: Transaction,
  connectors: ConnectorCatalog,
  { id, number, expected, actorId }: Restoration,
): Promise<void> {
  const before = await lockedIntegration(transaction, id);
  refuseOtherRevision(before, expected);
  const wanted = /^\d{1,9}$/.test(number) ? Number(number) : undefined;
  const document = wanted === undefined ? undefined : await findRevisionDocument(transaction, before.id, wanted);
  if (document === undefined) {
    throw new ProductError(
      "integration.revision_not_found",
      `Integration ${before.name} has no revision ${JSON.stringify(number)}; the latest is ${before.revision}.`,
    );
  }
  const parsed = integrationSettingsSchema.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, message }));
    throw problemsError(problems);
  }
  await saveSettings(transaction, connectors, {
    before,
    proposed: parsed.data,
    actorId,
    action: "integration.restore",
    details: { restored: wanted },
  });
}
