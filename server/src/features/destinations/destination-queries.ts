import type {
  Destination,
  DestinationDelivery,
  ListDestinationDeliveriesQuery,
} from "@rollcall/core/contract/destinations.ts";
import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isBigint, isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { rows } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";

type Row = Omit<Destination, "createdAt" | "updatedAt" | "nextPushAt"> & {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly nextPushAt: Date;
};

const destinationKeyset: Keyset = {
  list: "destinations",
  sorts: {
    name: { value: sql`d.name`, type: "text" },
    createdAt: { value: sql`d.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`d.id`, type: "uuid" },
};

export async function listDestinations(database: Database, query: ListQuery): Promise<ListOf<Destination>> {
  const pattern = containsPattern(query.q);
  return await read(
    database,
    query,
    pattern === null ? [] : [sql`(d.name ilike ${pattern} or d.url ilike ${pattern})`],
  );
}

export async function findDestination(database: Database, id: string): Promise<Destination | undefined> {
  return isUuid(id) ? (await read(database, { limit: 1 }, [sql`d.id = ${id}`])).data[0] : undefined;
}

async function read(
  database: Database,
  query: ListQuery,
  where: readonly RawBuilder<unknown>[],
): Promise<ListOf<Destination>> {
  const list = await readPage<Row>(database, destinationKeyset, query, {
    columns: sql`d.id, d.name, d.url, d.credential_id as "credentialId", d.enabled, d.sync_key as "syncKey", d.fields,
      d.constants, d.suspend_people as "suspendPeople", d.mode, d.bulk_connector as "bulkConnector", d.problem,
      coalesce(d.leased_until > now(), false) as pushing, d.next_push_at as "nextPushAt",
      d.last_push as "lastPush", d.created_at as "createdAt", d.updated_at as "updatedAt",
      coalesce((select jsonb_agg(jsonb_build_object('integrationId', i.id, 'integrationName', i.name,
                  'saasName', f.saas_name, 'saasId', f.saas_id) order by i.name)
                from destination_integration f join integration i on i.id = f.integration_id
                where f.destination_id = d.id), '[]') as follows,
      (select jsonb_build_object(
         'waiting', count(*) filter (where v.state = 'waiting'), 'done', count(*) filter (where v.state = 'done'),
         'failed', count(*) filter (where v.state = 'failed'))
       from destination_delivery v where v.destination_id = d.id) as deliveries`,
    from: sql`destination d`,
    where,
  });
  return {
    ...list,
    data: list.data.map((row) => ({
      ...row,
      nextPushAt: row.nextPushAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    })),
  };
}

/** The ids of the integrations that there are among the given ones. */
export async function listKnownIntegrations(on: Queryable, ids: readonly string[]): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(
    on,
    "select id from integration where id = any($1) and status <> 'archived'",
    [ids],
  );
  return found.map(({ id }) => id);
}

type DeliveryRow = Omit<DestinationDelivery, "createdAt" | "nextAttemptAt" | "endedAt"> & {
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly endedAt: Date | null;
};

const deliveryKeyset: Keyset = {
  list: "destination-deliveries",
  sorts: { createdAt: { value: sql`v.id`, type: "bigint" } },
  defaultSort: "-createdAt",
  id: { value: sql`v.id`, type: "bigint" },
};

/** What was or is to be brought into step, the latest first. */
export async function listDeliveries(
  database: Database,
  destinationId: string,
  query: ListDestinationDeliveriesQuery,
): Promise<ListOf<DestinationDelivery>> {
  const { personId } = query;
  const list = await readPage<DeliveryRow>(
    database,
    deliveryKeyset,
    { ...query, destinationId },
    {
      columns: sql`v.id, v.state, v.person_id as "personId", coalesce(p.full_name, p.username) as "personName",
        v.saas_user_id as "saasUserId", v.integration_id as "integrationId", v.run_id as "runId", v.attempts, v.actions,
        v.code, v.problem, v.created_at as "createdAt", v.due_at as "dueAt", v.ended_at as "endedAt"`,
      from: sql`destination_delivery v left join person p on p.id = v.person_id`,
      countFrom: sql`destination_delivery v`,
      where: [
        sql`v.destination_id = ${destinationId}`,
        ...(query.state === undefined ? [] : [sql`v.state = ${query.state}`]),
        ...(query.runId === undefined ? [] : [sql`v.run_id = ${query.runId}`]),
        ...(personId === undefined ? [] : [isBigint(personId) ? sql`v.person_id = ${personId}` : sql`false`]),
      ],
    },
  );
  return {
    ...list,
    data: list.data.map(({ createdAt, dueAt, endedAt, ...row }) => ({
      ...row,
      createdAt: createdAt.toISOString(),
      nextAttemptAt: row.state === "waiting" ? dueAt.toISOString() : null,
      endedAt: endedAt?.toISOString() ?? null,
    })),
  };
}
