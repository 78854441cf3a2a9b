import type { Revision } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { type Keyset, keysetPage, type Positioned } from "../../postgres/keyset.ts";
import { maybeOne, one } from "../../postgres/query.ts";
import { jsonDiff } from "./json-diff.ts";

const revisionKeyset: Keyset = {
  list: "revisions",
  sorts: { number: { value: sql`r.number::bigint`, type: "bigint" } },
  defaultSort: "-number",
  id: { value: sql`r.number::bigint`, type: "bigint" },
};

type RevisionRow = {
  readonly number: number;
  readonly changedAt: Date;
  readonly changedBy: string | null;
  readonly document: unknown;
  /** Undefined in effect for the first: null. */
  readonly previous: unknown;
};

/** The revisions of an integration, newest first, each with what it changed. */
export async function listRevisions(
  database: Database,
  integrationId: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ListOf<Revision>> {
  const page = keysetPage(revisionKeyset, query, { integrationId });
  const found = await sql<RevisionRow & Positioned>`
    select r.number, r.changed_at as "changedAt", a.name as "changedBy", r.document, p.document as previous,
      ${page.position} as position
    from integration_revision r
    left join integration_revision p on p.integration_id = r.integration_id and p.number = r.number - 1
    left join account a on a.id = r.changed_by
    where r.integration_id = ${integrationId} and ${page.after} ${page.orderAndLimit}`.execute(database.kysely);
  return page.answer(found.rows, page.total ?? (await countRevisions(database, integrationId)), toRevision);
}

/** The settings that a revision keeps; undefined when there is no such revision. */
export async function findRevisionDocument(on: Queryable, integrationId: string, number: number): Promise<unknown> {
  const row = await maybeOne<{ document: unknown }>(
    on,
    "select document from integration_revision where integration_id = $1 and number = $2",
    [integrationId, number],
  );
  return row?.document;
}

async function countRevisions(database: Database, integrationId: string): Promise<number> {
  const text = "select count(*)::int as total from integration_revision where integration_id = $1";
  return (await one<{ total: number }>(database, text, [integrationId])).total;
}

function toRevision({ number, changedAt, changedBy, document, previous }: RevisionRow): Revision {
  const diff = previous === null ? [] : jsonDiff(previous, document);
  return {
    number,
    changedAt: changedAt.toISOString(),
    changedBy,
    diff: diff.map(({ pointer, before, after }) => ({ pointer, before, after })),
  };
}
