import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { Integration, IntegrationSettings } from "@rollcall/core/contract/integrations.ts";

/** An integration as the database has it; instants are dates. Contacts are in the order of their ids. */
export type IntegrationRow = IntegrationSettings & {
  readonly id: string;
  readonly status: Integration["status"];
  readonly softwareOutcome: Integration["softwareOutcome"];
  readonly revision: number;
  readonly lastTest: StoredTest | null;
  readonly credentialName: string | null;
  readonly credentialUpdatedAt: Date | null;
  readonly lastCompleteStartedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The last connection test; `subject` says of what (`connectionSubject`), so that it counts for nothing else. */
export type StoredTest = TestOutcome & { readonly subject: string };

/** The columns of IntegrationRow; `integration` and, outer joined, `credential` must be in scope. */
export const integrationColumns = `
  integration.id, integration.name, integration.connector, integration.status, integration.credential_id as "credentialId",
  integration.mode, integration.software_id as "softwareId", integration.software_outcome as "softwareOutcome",
  integration.deactivate, integration.person_deactivation as "personDeactivation", integration.installation,
  integration.preference, integration.integration_user as "integrationUser", integration.inputs, integration.schedule,
  integration.mapping, integration.filter, integration.guard, integration.revision, integration.last_test as "lastTest",
  integration.last_complete_started_at as "lastCompleteStartedAt", integration.created_at as "createdAt",
  integration.updated_at as "updatedAt", credential.name as "credentialName", credential.updated_at as "credentialUpdatedAt",
  array(select contact.account_id::text from integration_contact contact
        where contact.integration_id = integration.id order by contact.account_id) as contacts`;

export const integrationTables = "integration left join credential on credential.id = integration.credential_id";

/** The settings of a row, with their keys in one order, as a revision keeps them. */
export function settingsOf(row: IntegrationSettings): IntegrationSettings {
  return {
    name: row.name,
    connector: row.connector,
    credentialId: row.credentialId,
    mode: row.mode,
    softwareId: row.softwareId,
    deactivate: row.deactivate,
    personDeactivation: row.personDeactivation,
    installation: row.installation,
    preference: row.preference,
    integrationUser: row.integrationUser,
    contacts: row.contacts,
    inputs: row.inputs,
    schedule: row.schedule,
    mapping: row.mapping,
    filter: row.filter,
    guard: row.guard,
  };
}
