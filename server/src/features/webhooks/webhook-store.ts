import type { CreateWebhook, UpdateWebhook } from "@rollcall/core/contract/webhooks.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one, rows } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";

/** A new row's id, needed before its secret can be sealed for it. */
export async function newWebhookId(transaction: Transaction): Promise<string> {
  return (await one<{ id: string }>(transaction, "select uuid7() as id")).id;
}

/** False when the name is taken. */
export async function insertWebhook(
  transaction: Transaction,
  id: string,
  { name, url, events, enabled }: CreateWebhook,
  sealedSecret: string,
): Promise<boolean> {
  const inserted = await affected(
    transaction,
    `insert into webhook_endpoint (id, name, url, events, enabled, sealed_secret) values ($1, $2, $3, $4, $5, $6)
     on conflict (comparable(name)) do nothing`,
    [id, storableText(name), url, events, enabled, sealedSecret],
  );
  return inserted === 1;
}

export type LockedWebhook = {
  readonly id: string;
  readonly name: string;
  readonly sealedSecret: string;
  readonly sealedPrevious: string | null;
};

export async function lockWebhook(transaction: Transaction, id: string): Promise<LockedWebhook | undefined> {
  return await maybeOne<LockedWebhook>(
    transaction,
    `select id, name, sealed_secret as "sealedSecret", sealed_previous as "sealedPrevious"
     from webhook_endpoint where id = $1 for update`,
    [id],
  );
}

export async function isWebhookNameTaken(transaction: Transaction, name: string, exceptId: string): Promise<boolean> {
  const text = "select from webhook_endpoint where comparable(name) = comparable($1) and id <> $2";
  return (await maybeOne(transaction, text, [storableText(name), exceptId])) !== undefined;
}

/** Changes what is given; whoever switches an endpoint on or off has the last word over the product. */
export async function updateWebhookRow(transaction: Transaction, id: string, change: UpdateWebhook): Promise<void> {
  await transaction.query(
    `update webhook_endpoint set name = coalesce($2, name), url = coalesce($3, url), events = coalesce($4, events),
       enabled = coalesce($5, enabled), disabled_reason = case when $5::boolean is null then disabled_reason end,
       updated_at = now()
     where id = $1`,
    [
      id,
      change.name === undefined ? null : storableText(change.name),
      change.url ?? null,
      change.events ?? null,
      change.enabled ?? null,
    ],
  );
}

/** The secret in use becomes the previous one, which signs as well for some hours. */
export async function rotateSecret(
  transaction: Transaction,
  id: string,
  sealedSecret: string,
  overlapHours: number,
): Promise<void> {
  await transaction.query(
    `update webhook_endpoint set sealed_previous = sealed_secret, previous_expires_at = now() + $3 * interval '1 hour',
       sealed_secret = $2, updated_at = now()
     where id = $1`,
    [id, sealedSecret, overlapHours],
  );
}

export async function deleteWebhookRow(transaction: Transaction, id: string): Promise<void> {
  await transaction.query("delete from webhook_endpoint where id = $1", [id]);
}

/** Switched off by the product, which says why. */
export async function disableWebhook(transaction: Transaction, id: string, reason: string): Promise<void> {
  await transaction.query(
    "update webhook_endpoint set enabled = false, disabled_reason = $2, updated_at = now() where id = $1",
    [id, reason],
  );
}

/** Queues a message that only this endpoint gets. Returns the delivery's id. */
export async function queueTest(
  transaction: Transaction,
  { id, name }: Pick<LockedWebhook, "id" | "name">,
): Promise<string> {
  const queued = await one<{ id: string }>(
    transaction,
    `with test as (
       insert into message (kind, trigger, subject_name, title, reason, next_step, path)
       values ('test', 'test', $2, 'Test of the webhook ' || $2, 'Somebody asked for this test.', 'Nothing to do.', '/settings')
       returning id)
     insert into outbox (channel, message_id, endpoint_id) select 'webhook', test.id, $1 from test returning id`,
    [id, name],
  );
  return queued.id;
}

export async function lockDelivery(
  transaction: Transaction,
  endpointId: string,
  id: string,
): Promise<{ readonly state: string } | undefined> {
  return await maybeOne(transaction, "select state from outbox where id = $1 and endpoint_id = $2 for update", [
    id,
    endpointId,
  ]);
}

/** Sends a delivery again from the start, under the id that it had. */
export async function queueAgain(transaction: Transaction, id: string): Promise<void> {
  await transaction.query(
    "update outbox set state = 'waiting', attempts = 0, due_at = now(), sent_at = null, last_error = null where id = $1",
    [id],
  );
}

/** Ids after `afterId`, in order, for going through all. */
export async function listWebhookIds(on: Queryable, afterId: string, limit: number): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(on, "select id from webhook_endpoint where id > $1 order by id limit $2", [
    afterId,
    limit,
  ]);
  return found.map(({ id }) => id);
}

/** Puts newly sealed secrets in place of the old ones; what they say is the same. */
export async function replaceSealedSecrets(
  transaction: Transaction,
  id: string,
  sealedSecret: string,
  sealedPrevious: string | null,
): Promise<void> {
  await transaction.query("update webhook_endpoint set sealed_secret = $2, sealed_previous = $3 where id = $1", [
    id,
    sealedSecret,
    sealedPrevious,
  ]);
}
