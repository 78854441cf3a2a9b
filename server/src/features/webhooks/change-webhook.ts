import type { CreateWebhook, UpdateWebhook } from "@rollcall/core/contract/webhooks.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { AppParts } from "../../http/app-parts.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { newWebhookSecret, webhookBinding } from "./webhook-secret.ts";
import {
  deleteWebhookRow,
  insertWebhook,
  isWebhookNameTaken,
  type LockedWebhook,
  lockDelivery,
  lockWebhook,
  newWebhookId,
  queueAgain,
  queueTest,
  rotateSecret,
  updateWebhookRow,
} from "./webhook-store.ts";

type Parts = Pick<AppParts, "database" | "vault">;
type Made = { readonly id: string; readonly secret: string };

/**
 * Makes an endpoint with a secret of its own, which is given out once.
 *
 * @throws ProductError `request.invalid`, `webhook.name_taken`
 */
export async function createWebhook({ database, vault }: Parts, actor: Actor, webhook: CreateWebhook): Promise<Made> {
  refuseCredentials(webhook.url);
  return await inTransaction(database, async (transaction) => {
    const id = await newWebhookId(transaction);
    const secret = newWebhookSecret();
    if (!(await insertWebhook(transaction, id, webhook, await vault.seal(webhookBinding(id), secret)))) {
      throw nameTaken(webhook.name);
    }
    await audit(transaction, actor, "create", { id, name: webhook.name }, { events: webhook.events });
    return { id, secret };
  });
}

/** @throws ProductError `webhook.not_found`, `request.invalid`, `webhook.name_taken` */
export async function updateWebhook(
  database: Database,
  actor: Actor,
  id: string,
  change: UpdateWebhook,
): Promise<void> {
  if (change.url !== undefined) {
    refuseCredentials(change.url);
  }
  await inTransaction(database, async (transaction) => {
    const webhook = await locked(transaction, id);
    if (change.name !== undefined && (await isWebhookNameTaken(transaction, change.name, webhook.id))) {
      throw nameTaken(change.name);
    }
    await updateWebhookRow(transaction, webhook.id, change);
    // An address may hold a token in its path, so that only its being changed is told.
    await audit(transaction, actor, "update", webhook, { changed: Object.keys(change) });
  });
}

/** @throws ProductError `webhook.not_found` */
export async function deleteWebhook(database: Database, actor: Actor, id: string): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const webhook = await locked(transaction, id);
    await deleteWebhookRow(transaction, webhook.id);
    await audit(transaction, actor, "delete", webhook);
  });
}

/**
 * Gives the endpoint a new secret. For `overlapHours` everything is signed with both, so that the receiver can change over.
 *
 * @throws ProductError `webhook.not_found`
 */
export async function rotateWebhookSecret(
  { database, vault }: Parts,
  actor: Actor,
  id: string,
  overlapHours: number,
): Promise<Made> {
  return await inTransaction(database, async (transaction) => {
    const webhook = await locked(transaction, id);
    const secret = newWebhookSecret();
    await rotateSecret(transaction, webhook.id, await vault.seal(webhookBinding(webhook.id), secret), overlapHours);
    await audit(transaction, actor, "rotate_secret", webhook, { overlapHours });
    return { id: webhook.id, secret };
  });
}

/** Sends the endpoint an event that means nothing. Returns the delivery's id. @throws ProductError `webhook.not_found` */
export async function testWebhook(database: Database, actor: Actor, id: string): Promise<string> {
  return await inTransaction(database, async (transaction) => {
    const webhook = await locked(transaction, id);
    await audit(transaction, actor, "test", webhook);
    return await queueTest(transaction, webhook);
  });
}

/**
 * Sends a delivery again, whatever became of it, with the same id.
 *
 * @throws ProductError `webhook.not_found`, `webhook.under_way`
 */
export async function resendDelivery(
  database: Database,
  actor: Actor,
  { id, deliveryId }: { readonly id: string; readonly deliveryId: string },
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const webhook = await locked(transaction, id);
    const delivery = isUuid(deliveryId) ? await lockDelivery(transaction, webhook.id, deliveryId) : undefined;
    if (delivery === undefined) {
      throw deliveryNotFound(deliveryId);
    }
    if (delivery.state === "sending") {
      throw new ProductError("webhook.under_way", `Delivery ${deliveryId} is being sent. Wait for its outcome.`);
    }
    await queueAgain(transaction, deliveryId);
    await audit(transaction, actor, "resend", webhook, { deliveryId });
  });
}

export function webhookNotFound(id: string): ProductError {
  return new ProductError("webhook.not_found", `There is no webhook ${id}. List the webhooks.`);
}

export function deliveryNotFound(id: string): ProductError {
  return new ProductError("webhook.not_found", `The webhook has no delivery ${id}. List its deliveries.`);
}

async function locked(transaction: Transaction, id: string): Promise<LockedWebhook> {
  const webhook = isUuid(id) ? await lockWebhook(transaction, id) : undefined;
  if (webhook === undefined) {
    throw webhookNotFound(id);
  }
  return webhook;
}

function nameTaken(name: string): ProductError {
  return new ProductError("webhook.name_taken", `Another webhook is called "${name}". Choose another name.`, {
    problems: [{ pointer: "/name", message: "belongs to another webhook" }],
  });
}

/** A name and password in the address would be stored readable; the signature proves who sends. */
function refuseCredentials(url: string): void {
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") {
    const message = "must not contain a user name or password: the receiver checks the signature";
    throw new ProductError("request.invalid", `The field /url ${message}.`, {
      problems: [{ pointer: "/url", message }],
    });
  }
}

async function audit(
  transaction: Transaction,
  actor: Actor,
  verb: string,
  webhook: Pick<LockedWebhook, "id" | "name">,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordAudit(transaction, {
    actorId: actor.accountId,
    action: `webhook.${verb}`,
    target: "webhook",
    targetId: webhook.id,
    details: { name: webhook.name, ...details },
  });
}
