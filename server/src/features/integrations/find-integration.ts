import { ProductError } from "@rollcall/core/errors.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { findIntegrationRow } from "./integration-queries.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { lockIntegration } from "./integration-store.ts";

/** @throws ProductError `integration.not_found`, also for an id that is none */
export async function integrationById(on: Queryable, id: string): Promise<IntegrationRow> {
  return (isUuid(id) ? await findIntegrationRow(on, id) : undefined) ?? refuseUnknown(id);
}

/**
 * The integration, locked until the end of the transaction.
 *
 * @throws ProductError `integration.not_found`
 */
export async function lockedIntegration(transaction: Transaction, id: string): Promise<IntegrationRow> {
  return (isUuid(id) ? await lockIntegration(transaction, id) : undefined) ?? refuseUnknown(id);
}

function refuseUnknown(id: string): never {
  throw new ProductError(
    "integration.not_found",
    `There is no integration ${JSON.stringify(id)}. List the integrations.`,
  );
}
