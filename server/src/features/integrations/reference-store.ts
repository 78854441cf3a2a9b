import type { IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import type { Transaction } from "../../postgres/database.ts";
import { maybeOne, rows } from "../../postgres/query.ts";

/** What is known of the records that settings refer to. */
export type LockedReferences = {
  /** Null when there is no such credential, or none was named. */
  readonly credentialKind: string | null;
  readonly softwareExists: boolean;
  readonly accounts: ReadonlyMap<string, "active" | "disabled">;
};

/** Looks the referred records up and keeps them from being deleted until the end of the transaction. */
export async function lockReferences(
  transaction: Transaction,
  { credentialId, softwareId, integrationUser, contacts }: IntegrationSettings,
): Promise<LockedReferences> {
  const credential = await maybeOne<{ kind: string }>(
    transaction,
    "select kind from credential where id = $1 for key share",
    [credentialId],
  );
  const software = await maybeOne(transaction, "select from software where id = $1 for key share", [softwareId]);
  const accounts = await rows<{ id: string; status: "active" | "disabled" }>(
    transaction,
    "select id, status from account where id = any($1::uuid[]) for key share",
    [[...contacts, ...(integrationUser === null ? [] : [integrationUser])]],
  );
  return {
    credentialKind: credential?.kind ?? null,
    softwareExists: software !== undefined,
    accounts: new Map(accounts.map(({ id, status }) => [id, status])),
  };
}
