import type { Integration, IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { sqlState } from "../../postgres/database-error.ts";
import { affected, maybeOne, one } from "../../postgres/query.ts";
import {
  type IntegrationRow,
  integrationColumns,
  integrationTables,
  type StoredTest,
  settingsOf,
} from "./integration-row.ts";

/**
 * The integration, locked until the end of the transaction. The lock comes first, by itself: a statement that had to wait for
 * one still sees other tables, such as the contacts, as they were when it began to wait.
 */
export async function lockIntegration(transaction: Transaction, id: string): Promise<IntegrationRow | undefined> {
  await transaction.query("select from integration where id = $1 for update", [id]);
  return await maybeOne<IntegrationRow>(
    transaction,
    `select ${integrationColumns} from ${integrationTables} where integration.id = $1`,
    [id],
  );
}

type NewSettings = {
  readonly settings: IntegrationSettings;
  readonly softwareOutcome: Integration["softwareOutcome"];
  readonly changedBy: string;
};

/**
 * Inserts a draft with its first revision; returns its id.
 *
 * @throws ProductError `integration.name_taken`
 */
export async function insertIntegration(transaction: Transaction, created: NewSettings): Promise<string> {
  const { settings } = created;
  const { id } = await namedOnce(settings.name, () =>
    one<{ id: string }>(
      transaction,
      `insert into integration (connector, ${settingsColumns}) values ($1, ${placeholders(2)}) returning id`,
      [settings.connector, ...settingsValues(created)],
    ),
  );
  await insertContacts(transaction, id, settings.contacts);
  await insertRevision(transaction, id, 1, created);
  return id;
}

/**
 * Writes changed settings and their revision; the caller holds the integration locked.
 *
 * @throws ProductError `integration.name_taken`
 */
export async function updateSettings(
  transaction: Transaction,
  before: Pick<IntegrationRow, "id" | "revision">,
  changed: NewSettings,
): Promise<void> {
  await namedOnce(changed.settings.name, () =>
    transaction.query(
      `update integration set (${settingsColumns}) = row(${placeholders(3)}), revision = $2, updated_at = now() where id = $1`,
      [before.id, before.revision + 1, ...settingsValues(changed)],
    ),
  );
  await transaction.query("delete from integration_contact where integration_id = $1", [before.id]);
  await insertContacts(transaction, before.id, changed.settings.contacts);
  await insertRevision(transaction, before.id, before.revision + 1, changed);
}

/** Plans that wait for a decision are out of date: but for one run's, they are not to be approved any more. */
export async function closeOpenPlans(
  transaction: Transaction,
  integrationId: string,
  exceptRunId: string | null = null,
): Promise<void> {
  await transaction.query(
    "update run set plan = 'stale' where integration_id = $1 and plan = 'open' and id is distinct from $2",
    [integrationId, exceptRunId],
  );
}

export async function updateStatus(transaction: Transaction, id: string, status: Integration["status"]): Promise<void> {
  await transaction.query("update integration set status = $2, updated_at = now() where id = $1", [id, status]);
}

/** Keeps the outcome of a connection test; false when the integration is gone meanwhile. */
export async function saveTest(transaction: Transaction, id: string, test: StoredTest): Promise<boolean> {
  const text = JSON.stringify(test);
  return (await affected(transaction, "update integration set last_test = $2::jsonb where id = $1", [id, text])) === 1;
}

/**
 * Deletes an integration that never ran, with its revisions. The account that was made for it stays: the audit log and the
 * inventory may name it.
 *
 * @throws ProductError `integration.has_history` when other rows refer to it
 */
export async function deleteIntegrationRow(transaction: Transaction, integration: IntegrationRow): Promise<void> {
  try {
    await transaction.query("delete from integration where id = $1", [integration.id]);
  } catch (error) {
    // PostgreSQL, appendix A: foreign_key_violation.
    if (sqlState(error) === "23503") {
      throw new ProductError(
        "integration.has_history",
        `Integration ${integration.name} has records or runs that refer to it. Archive it in place of deleting it.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** The account that a new integration's writes are recorded for, when the administrator named none. */
export async function insertServiceAccount(transaction: Transaction, name: string): Promise<string> {
  const { id } = await one<{ id: string }>(
    transaction,
    "insert into account (kind, name, role) values ('service', $1, 'viewer') returning id",
    [name],
  );
  return id;
}

const settingsColumns = `name, credential_id, mode, software_id, software_outcome, deactivate, person_deactivation,
  installation, preference, integration_user, inputs, schedule, mapping, filter, guard`;

function settingsValues({ settings, softwareOutcome }: NewSettings): readonly unknown[] {
  return [
    settings.name,
    settings.credentialId,
    settings.mode,
    settings.softwareId,
    softwareOutcome,
    settings.deactivate,
    settings.personDeactivation,
    settings.installation,
    settings.preference,
    settings.integrationUser,
    JSON.stringify(settings.inputs),
    JSON.stringify(settings.schedule),
    JSON.stringify(settings.mapping),
    JSON.stringify(settings.filter),
    JSON.stringify(settings.guard),
  ];
}

function placeholders(first: number): string {
  const casts = ["", "::uuid", "", "::uuid", "", "::boolean", "", "", "", "::uuid", ...Array(5).fill("::jsonb")];
  return casts.map((cast, index) => `$${first + index}${cast}`).join(", ");
}

async function insertContacts(transaction: Transaction, id: string, contacts: readonly string[]): Promise<void> {
  await transaction.query(
    "insert into integration_contact (integration_id, account_id) select $1, unnest($2::uuid[])",
    [id, contacts],
  );
}

async function insertRevision(
  transaction: Transaction,
  id: string,
  number: number,
  { settings, changedBy }: NewSettings,
): Promise<void> {
  await transaction.query(
    "insert into integration_revision (integration_id, number, document, changed_by) values ($1, $2, $3::jsonb, $4)",
    [id, number, JSON.stringify(settingsOf(settings)), changedBy],
  );
}

async function namedOnce<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    // PostgreSQL, appendix A: unique_violation.
    if (sqlState(error) === "23505") {
      throw new ProductError(
        "integration.name_taken",
        `There is already an integration named ${name}. Choose another name.`,
        {
          cause: error,
          problems: [{ pointer: "/name", message: "Another integration has this name." }],
        },
      );
    }
    throw error;
  }
}
