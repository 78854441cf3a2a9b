import type { Database } from "../../postgres/database.ts";
import { one, rows } from "../../postgres/query.ts";

/** For tests: an account that can be told something. */
export async function aContact(
  database: Database,
  { email, role = "viewer", status = "active" }: { email?: string | null; role?: string; status?: string } = {},
): Promise<string> {
  const address = email === undefined ? `${crypto.randomUUID()}@example.com` : email;
  const { id } = await one<{ id: string }>(
    database,
    "insert into account (name, email, role, status) values ('Ada Lovelace', $1, $2, $3) returning id",
    [address, role, status],
  );
  return id;
}

/** For tests: makes accounts the contacts of an integration. */
export async function haveContacts(
  database: Database,
  integrationId: string,
  accountIds: readonly string[],
): Promise<void> {
  await database.query("insert into integration_contact (integration_id, account_id) select $1, unnest($2::uuid[])", [
    integrationId,
    accountIds,
  ]);
}

/** For tests: what was told, as `kind trigger`, in order; of one integration, credential or destination, or of everything. */
export async function told(database: Database, subjectId: string | null = null): Promise<readonly string[]> {
  const found = await rows<{ kind: string; trigger: string }>(
    database,
    `select kind, trigger from message
     where $1::uuid is null or integration_id = $1 or credential_id = $1 or destination_id = $1 order by id`,
    [subjectId],
  );
  return found.map(({ kind, trigger }) => `${kind} ${trigger}`);
}
