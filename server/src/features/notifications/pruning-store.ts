import type { Transaction } from "../../postgres/database.ts";
import { affected } from "../../postgres/query.ts";

/**
 * Deletes what was told and is over: deliveries that ended and notifications that were read more than `days` days ago, up to `limit` of
 * each, then messages of that age of which nothing is left. What waits, is being sent, or was not read stays, however old it is.
 * Several processes may do so at once. Returns how many rows went, their attempts not counted.
 */
export async function pruneMessages(transaction: Transaction, days: number, limit: number): Promise<number> {
  let deleted = 0;
  for (const text of [endedDeliveries, readNotifications, emptyMessages]) {
    deleted += await affected(transaction, text, [days, limit]);
  }
  return deleted;
}

const before = "now() - $1 * interval '1 day'";

const endedDeliveries = `delete from outbox where id in (
  select id from outbox where state in ('sent', 'failed', 'skipped') and due_at < ${before}
  order by due_at limit $2 for update skip locked)`;

const readNotifications = `delete from notification where id in (
  select id from notification where read_at < ${before} order by read_at limit $2 for update skip locked)`;

// Deliveries and notifications are made in the transaction of their message, so that none can come any more.
const emptyMessages = `delete from message where id in (
  select id from message m where at < ${before}
    and not exists (select from outbox o where o.message_id = m.id)
    and not exists (select from notification n where n.message_id = m.id)
  order by at limit $2 for update skip locked)`;
