import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import type {
  ListDeliveriesQuery,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetails,
} from "@rollcall/core/contract/webhooks.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";
import type { ClaimedMessage } from "../notifications/outbox-store.ts";
import { webhookPayload } from "../notifications/webhook-payload.ts";

type WebhookRow = Omit<Webhook, "previousSecretExpiresAt" | "lastDelivery" | "createdAt" | "updatedAt"> & {
  readonly previousExpiresAt: Date | null;
  readonly lastState: WebhookDelivery["state"] | null;
  readonly lastAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const webhookColumns = `w.id, w.name, w.url, w.events, w.enabled, w.disabled_reason as "disabledReason",
  case when w.previous_expires_at > now() then w.previous_expires_at end as "previousExpiresAt",
  w.created_at as "createdAt", w.updated_at as "updatedAt", last.state as "lastState", last.at as "lastAt"`;
const webhookTables = `webhook_endpoint w left join lateral (
    select o.state, coalesce(o.sent_at, o.created_at) as at from outbox o
    where o.endpoint_id = w.id order by o.id desc limit 1) last on true`;

const webhookKeyset: Keyset = {
  list: "webhooks",
  sorts: {
    name: { value: sql`w.name`, type: "text" },
    createdAt: { value: sql`w.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`w.id`, type: "uuid" },
};

export async function listWebhooks(database: Database, query: ListQuery): Promise<ListOf<Webhook>> {
  const pattern = containsPattern(query.q);
  const list = await readPage<WebhookRow>(database, webhookKeyset, query, {
    columns: sql.raw(webhookColumns),
    from: sql.raw(webhookTables),
    countFrom: sql`webhook_endpoint w`,
    where: pattern === null ? [] : [sql`(w.name ilike ${pattern} or w.url ilike ${pattern})`],
  });
  return { ...list, data: list.data.map(toWebhook) };
}

export async function findWebhook(on: Queryable, id: string): Promise<Webhook | undefined> {
  const text = `select ${webhookColumns} from ${webhookTables} where w.id = $1`;
  const row = isUuid(id) ? await maybeOne<WebhookRow>(on, text, [id]) : undefined;
  return row === undefined ? undefined : toWebhook(row);
}

type DeliveryRow = Pick<WebhookDelivery, "id" | "title" | "state" | "attempts" | "problem"> & {
  readonly message: Omit<ClaimedMessage, "at"> & { readonly at: string };
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly sentAt: Date | null;
};

// The message as one document, its time in the form that a Date reads.
const deliveryColumns = `o.id, m.title, o.state, o.attempts, o.last_error as problem, o.created_at as "createdAt",
  o.due_at as "dueAt", o.sent_at as "sentAt", json_build_object('id', m.id, 'kind', m.kind, 'trigger', m.trigger,
    'subjectName', m.subject_name, 'title', m.title, 'reason', m.reason, 'nextStep', m.next_step, 'path', m.path,
    'integrationId', m.integration_id, 'credentialId', m.credential_id,
    'destinationId', m.destination_id, 'runId', m.run_id, 'at', m.at) as message`;
const deliveryTables = "outbox o join message m on m.id = o.message_id";

const deliveryKeyset: Keyset = {
  list: "webhook-deliveries",
  sorts: { createdAt: { value: sql`o.id`, type: "uuid" } },
  defaultSort: "-createdAt",
  id: { value: sql`o.id`, type: "uuid" },
};

/** What was or is to be sent to an endpoint, the latest first. */
export async function listDeliveries(
  database: Database,
  endpointId: string,
  query: ListDeliveriesQuery,
): Promise<ListOf<WebhookDelivery>> {
  const list = await readPage<DeliveryRow>(
    database,
    deliveryKeyset,
    { ...query, endpointId },
    {
      columns: sql.raw(deliveryColumns),
      from: sql.raw(deliveryTables),
      countFrom: sql`outbox o`,
      where: [
        sql`o.endpoint_id = ${endpointId}`,
        ...(query.state === undefined ? [] : [sql`o.state = ${query.state}`]),
      ],
    },
  );
  return { ...list, data: list.data.map(toDelivery) };
}

/** One delivery with its payload and every attempt. */
export async function findDelivery(
  on: Queryable,
  endpointId: string,
  id: string,
  publicUrl: string,
): Promise<WebhookDeliveryDetails | undefined> {
  if (!isUuid(endpointId) || !isUuid(id)) {
    return undefined;
  }
  const row = await maybeOne<DeliveryRow>(
    on,
    `select ${deliveryColumns} from ${deliveryTables} where o.id = $1 and o.endpoint_id = $2`,
    [id, endpointId],
  );
  if (row === undefined) {
    return undefined;
  }
  const log = await rows<{ at: Date; ok: boolean; status: number | null; detail: string; milliseconds: number }>(
    on,
    "select at, ok, status, detail, milliseconds from delivery_attempt where outbox_id = $1 order by id desc limit 100",
    [id],
  );
  return {
    ...toDelivery(row),
    payload: webhookPayload(messageOf(row), publicUrl),
    log: log.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
  };
}

function toWebhook({ previousExpiresAt, lastState, lastAt, createdAt, updatedAt, ...facts }: WebhookRow): Webhook {
  return {
    ...facts,
    previousSecretExpiresAt: previousExpiresAt?.toISOString() ?? null,
    lastDelivery: lastState === null || lastAt === null ? null : { state: lastState, at: lastAt.toISOString() },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.message.id,
    event: webhookPayload(messageOf(row), "").type,
    title: row.title,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: row.state === "waiting" ? row.dueAt.toISOString() : null,
    sentAt: row.sentAt?.toISOString() ?? null,
    problem: row.problem,
  };
}

function messageOf({ message }: DeliveryRow): ClaimedMessage {
  return { ...message, at: new Date(message.at) };
}
