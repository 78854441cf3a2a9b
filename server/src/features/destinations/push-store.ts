import type { Destination, PushSummary } from "@rollcall/core/contract/destinations.ts";
import type { Database, Queryable, Transaction } from "../../postgres/database.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { storableJson, storableText } from "../../postgres/storable.ts";
import { inTransaction } from "../../postgres/transaction.ts";

/** What pushing needs of a destination. */
export type LeasedDestination = Pick<
  Destination,
  | "id"
  | "name"
  | "url"
  | "credentialId"
  | "syncKey"
  | "fields"
  | "constants"
  | "suspendPeople"
  | "mode"
  | "bulkConnector"
> & {
  readonly lease: string;
  readonly failures: number;
  /** The upload of which the outcome is not known yet. */
  readonly bulkPortion: string | null;
};

/** A worker that does not renew its lease for so long is taken for dead. */
export const leaseSeconds = 120;

/** Leases a destination for which something is due; at most one worker pushes to it. */
export async function leaseDestination(database: Database): Promise<LeasedDestination | undefined> {
  return await maybeOne<LeasedDestination>(
    database,
    `update destination d set lease = gen_random_uuid(), leased_until = now() + $1 * interval '1 second'
     from (
       select id from destination x
       where enabled and next_push_at <= now() and (leased_until is null or leased_until < now())
         and exists (select from destination_delivery v
                     where v.destination_id = x.id and v.state = 'waiting' and v.due_at <= now())
       order by next_push_at limit 1 for update skip locked) due
     where d.id = due.id
     returning d.id, d.name, d.url, d.credential_id as "credentialId", d.sync_key as "syncKey", d.fields, d.constants,
       d.suspend_people as "suspendPeople", d.mode, d.bulk_connector as "bulkConnector",
       case when d.bulk_portion_at > now() - interval '24 hours' then d.bulk_portion end as "bulkPortion", d.lease, d.failures`,
    [leaseSeconds],
  );
}

/** False when the lease is lost: the destination was deleted, or another worker has it. */
export async function renewLease(
  on: Queryable,
  { id, lease }: Pick<LeasedDestination, "id" | "lease">,
): Promise<boolean> {
  const renewed = await on.query(
    "update destination set leased_until = now() + $3 * interval '1 second' where id = $1 and lease = $2",
    [id, lease, leaseSeconds],
  );
  return renewed.rowCount === 1;
}

/**
 * Gives the lease back. A push that came to nothing as a whole is tried again after `waitSeconds`.
 *
 * @returns whether the destination is still to be pushed to; undefined when the lease is lost
 */
export async function endPush(
  transaction: Transaction,
  { id, lease }: Pick<LeasedDestination, "id" | "lease">,
  summary: PushSummary,
  waitSeconds: number,
): Promise<"enabled" | "disabled" | undefined> {
  const ended = await maybeOne<{ enabled: boolean }>(
    transaction,
    `update destination set lease = null, leased_until = null, last_push = $3, problem = $4,
       failures = case when $4::text is null then 0 else failures + 1 end,
       next_push_at = now() + $5 * interval '1 second'
     where id = $1 and lease = $2 returning enabled`,
    [id, lease, storableJson(summary), summary.problem === null ? null : storableText(summary.problem), waitSeconds],
  );
  return ended && (ended.enabled ? "enabled" : "disabled");
}

/** Gives the lease back as if it had not been taken, when the process stops. */
export async function releaseLease(database: Database, { id, lease }: LeasedDestination): Promise<void> {
  await database.query("update destination set lease = null, leased_until = null where id = $1 and lease = $2", [
    id,
    lease,
  ]);
}

export type WaitingDelivery = {
  readonly id: string;
  readonly personId: string;
  readonly saasUserId: string | null;
  readonly integrationId: string;
  readonly attempts: number;
};

export async function listWaiting(
  on: Queryable,
  destinationId: string,
  limit: number,
): Promise<readonly WaitingDelivery[]> {
  return await rows<WaitingDelivery>(
    on,
    `select id, person_id as "personId", saas_user_id as "saasUserId", integration_id as "integrationId", attempts
     from destination_delivery where destination_id = $1 and state = 'waiting' and due_at <= now()
     order by due_at, id limit $2`,
    [destinationId, limit],
  );
}

export type InventoryPerson = {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly active: boolean;
  /** The person's id in the instance; null when it is not known yet. */
  readonly remoteId: string | null;
};

export async function listPeopleToPush(
  on: Queryable,
  destinationId: string,
  ids: readonly string[],
): Promise<readonly InventoryPerson[]> {
  return await rows<InventoryPerson>(
    on,
    `select p.id, person_document(p) as values, p.status = 'active' and p.archived_at is null as active,
       r.remote_id as "remoteId"
     from person p left join destination_person r on r.destination_id = $1 and r.person_id = p.id
     where p.id = any($2::bigint[]) order by p.id`,
    [destinationId, ids],
  );
}

export type InventorySaasUser = {
  readonly id: string;
  readonly personId: string;
  readonly externalId: string;
  readonly role: string | null;
  readonly active: boolean;
  /** Not active, but the person is in the same application through another integration that the destination follows. */
  readonly hasOther: boolean;
  readonly pushedActive: boolean | null;
  readonly stateId: string | null;
};

/** A person has one seat of an application in the instance, however many SaaS users there are of it here. */
export async function listSaasUsersToPush(
  on: Queryable,
  destinationId: string,
  ids: readonly string[],
): Promise<readonly InventorySaasUser[]> {
  return await rows<InventorySaasUser>(
    on,
    `select u.id, u.person_id as "personId", u.external_id as "externalId", u.role, s.active,
       not s.active and exists (
         select from saas_user o
         where o.person_id = u.person_id and o.software_id = u.software_id and o.id <> u.id
           and o.status = 'active' and o.archived_at is null
           and exists (
             select from link l join destination_integration f on f.integration_id = l.integration_id
             where l.saas_user_id = o.id and f.destination_id = $1)) as "hasOther",
       case when gone.state_id is null then r.active else false end as "pushedActive",
       coalesce(r.state_id, gone.state_id) as "stateId"
     from saas_user u
     cross join lateral (select u.status = 'active' and u.archived_at is null as active) s
     left join destination_saas_user r on r.destination_id = $1 and r.saas_user_id = u.id
     left join lateral (
       select q.state_id from saas_user o join destination_saas_user q on q.destination_id = $1 and q.saas_user_id = o.id
       where o.person_id = u.person_id and o.software_id = u.software_id and not q.active
       order by o.id desc limit 1) gone on s.active
     where u.id = any($2::bigint[]) order by u.id`,
    [destinationId, ids],
  );
}

export type FollowedApplication = {
  readonly integrationId: string;
  readonly saasName: string | null;
  readonly saasId: string | null;
};

export async function listFollowedApplications(
  on: Queryable,
  destinationId: string,
): Promise<readonly FollowedApplication[]> {
  return await rows<FollowedApplication>(
    on,
    `select integration_id as "integrationId", saas_name as "saasName", saas_id as "saasId"
     from destination_integration where destination_id = $1 order by integration_id`,
    [destinationId],
  );
}

/** Remembers an application's id for every integration that names it. */
export async function saveApplicationId(
  on: Queryable,
  destinationId: string,
  name: string,
  saasId: string,
): Promise<void> {
  await on.query(
    `update destination_integration set saas_id = $3
     where destination_id = $1 and comparable(saas_name) = comparable($2) and saas_id is null`,
    [destinationId, name, saasId],
  );
}

/** Whose the instance's people are already: id there → person here. */
export async function listOwners(
  on: Queryable,
  destinationId: string,
  remoteIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await rows<{ remoteId: string; personId: string }>(
    on,
    `select remote_id as "remoteId", person_id as "personId" from destination_person
     where destination_id = $1 and remote_id = any($2)`,
    [destinationId, remoteIds],
  );
  return new Map(found.map(({ remoteId, personId }) => [remoteId, personId]));
}

/** Remembers who is who in the instance, unless the lease is lost: then it may be another instance by now. */
export async function savePersonIds(
  on: Queryable,
  { id, lease }: Pick<LeasedDestination, "id" | "lease">,
  ids: readonly { readonly personId: string; readonly remoteId: string }[],
): Promise<void> {
  await on.query(
    `insert into destination_person (destination_id, person_id, remote_id)
     select d.id, i.* from (select id from destination where id = $1 and lease = $2 for share) d cross join unnest($3::bigint[], $4::text[]) i
     on conflict (destination_id, person_id) do update set remote_id = excluded.remote_id
     where destination_person.remote_id <> excluded.remote_id`,
    [id, lease, ids.map(({ personId }) => personId), ids.map(({ remoteId }) => remoteId)],
  );
}

export type DeliveryOutcome = {
  readonly id: string;
  readonly state: "waiting" | "done" | "failed";
  readonly actions: readonly string[];
  readonly code: string | null;
  readonly problem: string | null;
  /** For one that goes on waiting. */
  readonly waitSeconds: number;
};

export type PushedState = { readonly saasUserId: string; readonly stateId: string; readonly active: boolean };

/**
 * Writes down what became of deliveries and which states were pushed, unless the lease is lost.
 *
 * @returns false when it is
 */
export async function saveOutcomes(
  database: Database,
  leased: Pick<LeasedDestination, "id" | "lease">,
  outcomes: readonly DeliveryOutcome[],
  states: readonly PushedState[],
): Promise<boolean> {
  return await inTransaction(database, async (transaction) => {
    if (!(await renewLease(transaction, leased))) return false;
    await writeOutcomes(transaction, outcomes);
    await settleFailed(
      transaction,
      outcomes.filter(({ state }) => state === "done").map(({ id }) => id),
    );
    await transaction.query(
      `insert into destination_saas_user (destination_id, saas_user_id, state_id, active)
       select $1, * from unnest($2::bigint[], $3::text[], $4::boolean[])
       on conflict (destination_id, saas_user_id) do update set state_id = excluded.state_id, active = excluded.active`,
      [
        leased.id,
        states.map(({ saasUserId }) => saasUserId),
        states.map(({ stateId }) => stateId),
        states.map(({ active }) => active),
      ],
    );
    return true;
  });
}

async function writeOutcomes(transaction: Transaction, outcomes: readonly DeliveryOutcome[]): Promise<void> {
  await transaction.query(
    `update destination_delivery v
     set state = o.state, actions = o.actions, code = o.code, problem = o.problem, attempts = attempts + 1,
         due_at = now() + o."waitSeconds" * interval '1 second',
         ended_at = case when o.state = 'waiting' then null else now() end
     from jsonb_to_recordset($1::jsonb) as o (
       id bigint, state text, actions text[], code text, problem text, "waitSeconds" double precision)
     where v.id = o.id and v.state = 'waiting'`,
    [storableJson(outcomes)],
  );
}

/** A record that is in step now has nothing left that failed. */
async function settleFailed(transaction: Transaction, doneIds: readonly string[]): Promise<void> {
  await transaction.query(
    `update destination_delivery f set state = 'done', code = null, problem = null, ended_at = now()
     from destination_delivery v
     where v.id = any($1::bigint[]) and f.destination_id = v.destination_id and f.person_id = v.person_id
       and f.saas_user_id is not distinct from v.saas_user_id and f.state = 'failed'`,
    [doneIds],
  );
}

/** Deliveries that are done are kept for a month. */
export async function forgetOldDeliveries(on: Queryable, destinationId: string): Promise<void> {
  await on.query(
    "delete from destination_delivery where destination_id = $1 and state = 'done' and ended_at < now() - interval '30 days'",
    [destinationId],
  );
}
