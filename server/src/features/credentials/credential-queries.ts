import type { Credential } from "@rollcall/core/contract/credentials.ts";
import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";

type Row = Omit<Credential, "createdAt" | "updatedAt"> & { readonly createdAt: Date; readonly updatedAt: Date };

const keyset: Keyset = {
  list: "credentials",
  sorts: {
    name: { value: sql`c.name`, type: "text" },
    kind: { value: sql`c.kind`, type: "text" },
    createdAt: { value: sql`c.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`c.id`, type: "uuid" },
};

/** Credentials with what may be shown of them; the sealed values are not read. */
export async function listCredentials(database: Database, query: ListQuery): Promise<ListOf<Credential>> {
  const pattern = containsPattern(query.q);
  return await read(database, query, pattern === null ? [] : [sql`c.name ilike ${pattern}`]);
}

export async function findCredential(database: Database, id: string): Promise<Credential | undefined> {
  return isUuid(id) ? (await read(database, { limit: 1 }, [sql`c.id = ${id}`])).data[0] : undefined;
}

async function read(
  database: Database,
  query: ListQuery,
  where: readonly RawBuilder<unknown>[],
): Promise<ListOf<Credential>> {
  const list = await readPage<Row>(database, keyset, query, {
    columns: sql`c.id, c.name, c.kind, c.hints, c.owner_id as "ownerId", c.expires_on as "expiresOn",
      c.last_test as "lastTest", c.created_at as "createdAt", c.updated_at as "updatedAt",
      coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name) order by i.name)
                from integration i where i.credential_id = c.id and i.status <> 'archived'), '[]') as integrations`,
    from: sql`credential c`,
    where,
  });
  return {
    ...list,
    data: list.data.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    })),
  };
}

export async function findCredentialKind(on: Queryable, id: string): Promise<string | undefined> {
  return (await maybeOne<{ kind: string }>(on, "select kind from credential where id = $1", [id]))?.kind;
}

/** The integrations that use a credential and are not archived, and the destinations. */
export async function listUsers(on: Queryable, id: string): Promise<readonly { id: string; name: string }[]> {
  return await rows(
    on,
    `select id, name from integration where credential_id = $1 and status <> 'archived'
     union all select id, name from destination where credential_id = $1 order by name`,
    [id],
  );
}

type Use = { readonly connector: string; readonly inputs: Readonly<Record<string, unknown>> };

/** The integration made last with the credential: where a test without inputs calls. */
export async function findLatestUse(on: Queryable, id: string): Promise<Use | undefined> {
  return await maybeOne<Use>(
    on,
    `select connector, inputs from integration where credential_id = $1 and status <> 'archived'
     order by created_at desc, id desc limit 1`,
    [id],
  );
}
