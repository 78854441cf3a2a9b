import type { CreateDestination, Destination, UpdateDestination } from "@rollcall/core/contract/destinations.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one } from "../../postgres/query.ts";
import { storableJson, storableText } from "../../postgres/storable.ts";

/** Null when the name is taken. */
export async function insertDestination(transaction: Transaction, given: CreateDestination): Promise<string | null> {
  const { name, url, credentialId, enabled, syncKey, fields, constants, suspendPeople, mode, bulkConnector } = given;
  const row = await maybeOne<{ id: string }>(
    transaction,
    `insert into destination (name, url, credential_id, enabled, sync_key, fields, constants, suspend_people, mode, bulk_connector)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (comparable(name)) do nothing returning id`,
    [
      storableText(name),
      url,
      credentialId,
      enabled,
      syncKey,
      storableJson(fields),
      storableJson(constants),
      suspendPeople,
      mode,
      bulkConnector,
    ],
  );
  return row?.id ?? null;
}

export type LockedDestination = Pick<Destination, "id" | "name" | "mode" | "bulkConnector">;

export async function lockDestination(transaction: Transaction, id: string): Promise<LockedDestination | undefined> {
  return await maybeOne(
    transaction,
    `select id, name, mode, bulk_connector as "bulkConnector" from destination where id = $1 for update`,
    [id],
  );
}

export async function isDestinationNameTaken(
  transaction: Transaction,
  name: string,
  exceptId: string,
): Promise<boolean> {
  const text = "select from destination where comparable(name) = comparable($1) and id <> $2";
  return (await maybeOne(transaction, text, [storableText(name), exceptId])) !== undefined;
}

/** Changes what is given. Another address is another instance, whose ids are not those that are known. */
export async function updateDestinationRow(
  transaction: Transaction,
  id: string,
  change: UpdateDestination,
): Promise<void> {
  const moved = await maybeOne(transaction, "select from destination where id = $1 and url <> $2", [
    id,
    change.url ?? null,
  ]);
  if (moved !== undefined) {
    // First: a push under way talks to the other instance, and writes down nothing more once its lease is gone.
    await transaction.query("update destination set lease = null, leased_until = null where id = $1", [id]);
    await transaction.query("delete from destination_person where destination_id = $1", [id]);
    await transaction.query("delete from destination_saas_user where destination_id = $1", [id]);
    await transaction.query("update destination_integration set saas_id = null where destination_id = $1", [id]);
  }
  await transaction.query(
    `update destination set name = coalesce($2, name), url = coalesce($3, url), credential_id = coalesce($4, credential_id),
       enabled = coalesce($5, enabled), sync_key = coalesce($6, sync_key), fields = coalesce($7, fields),
       constants = coalesce($8, constants), suspend_people = coalesce($9, suspend_people),
       mode = coalesce($10, mode), bulk_connector = case when $11 then $12 else bulk_connector end,
       bulk_portion = null, next_push_at = now(), failures = 0, problem = null, updated_at = now()
     where id = $1`,
    [
      id,
      change.name === undefined ? null : storableText(change.name),
      change.url ?? null,
      change.credentialId ?? null,
      change.enabled ?? null,
      change.syncKey ?? null,
      change.fields === undefined ? null : storableJson(change.fields),
      change.constants === undefined ? null : storableJson(change.constants),
      change.suspendPeople ?? null,
      change.mode ?? null,
      change.bulkConnector !== undefined,
      change.bulkConnector ?? null,
    ],
  );
}

/** What waits for integrations that are no longer followed is forgotten. */
export async function replaceFollows(
  transaction: Transaction,
  id: string,
  follows: CreateDestination["follows"],
): Promise<void> {
  const ids = follows.map(({ integrationId }) => integrationId);
  await transaction.query(
    "delete from destination_integration where destination_id = $1 and integration_id <> all($2)",
    [id, ids],
  );
  await transaction.query(
    "delete from destination_delivery where destination_id = $1 and state <> 'done' and integration_id <> all($2)",
    [id, ids],
  );
  for (const { integrationId, saasName, saasId } of follows) {
    await transaction.query(
      `insert into destination_integration (destination_id, integration_id, saas_name, saas_id)
       select $1, i.id, case when $3 then $4 when i.mode = 'user-plus-saas' then s.name end, $5
       from integration i left join software s on s.id = i.software_id where i.id = $2
       on conflict (destination_id, integration_id) do update
       set saas_name = excluded.saas_name,
           saas_id = case when excluded.saas_id is not null or destination_integration.saas_name is distinct from excluded.saas_name
                          then excluded.saas_id else destination_integration.saas_id end`,
      [
        id,
        integrationId,
        saasName !== undefined,
        saasName === undefined ? null : saasName && storableText(saasName),
        saasId ?? null,
      ],
    );
  }
}

export async function deleteDestinationRow(transaction: Transaction, id: string): Promise<void> {
  await transaction.query("delete from destination where id = $1", [id]);
}

/** Gives what failed another chance; returns how many there are. */
export async function requeueFailed(transaction: Transaction, id: string): Promise<number> {
  const requeued = await affected(
    transaction,
    `update destination_delivery set state = 'waiting', attempts = 0, due_at = now(), ended_at = null
     where destination_id = $1 and state = 'failed'`,
    [id],
  );
  await pushSoon(transaction, id);
  return requeued;
}

/** Queues every record that a followed integration knows, unless it waits already. */
export async function queueEverything(transaction: Transaction, id: string): Promise<number> {
  await transaction.query(
    "update destination_delivery set due_at = now() where destination_id = $1 and state = 'waiting'",
    [id],
  );
  const { queued } = await one<{ queued: number }>(
    transaction,
    `with added as (
       insert into destination_delivery (destination_id, integration_id, person_id, saas_user_id)
       select f.destination_id, f.integration_id, l.person_id, l.saas_user_id
       from destination_integration f join link l on l.integration_id = f.integration_id
       where f.destination_id = $1 and not exists (
         select from destination_delivery d
         where d.destination_id = $1 and d.state = 'waiting' and d.integration_id = l.integration_id
           and d.person_id = l.person_id and d.saas_user_id is not distinct from l.saas_user_id)
       order by l.integration_id, l.person_id
       returning 1)
     select count(*)::int as queued from added`,
    [id],
  );
  await pushSoon(transaction, id);
  return queued;
}

async function pushSoon(transaction: Transaction, id: string): Promise<void> {
  await transaction.query("update destination set next_push_at = now(), failures = 0 where id = $1", [id]);
}
