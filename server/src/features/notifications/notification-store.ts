import type { Transaction } from "../../postgres/database.ts";
import { affected } from "../../postgres/query.ts";

/** Marks a notification as read; reading twice is the same as once. */
export async function markRead(transaction: Transaction, id: string, accountId: string, at: Date): Promise<void> {
  await transaction.query("update notification set read_at = coalesce(read_at, $3) where id = $1 and account_id = $2", [
    id,
    accountId,
    at,
  ]);
}

/** Marks all of an account; returns how many were unread. */
export async function markAllRead(transaction: Transaction, accountId: string, at: Date): Promise<number> {
  return await affected(transaction, "update notification set read_at = $2 where account_id = $1 and read_at is null", [
    accountId,
    at,
  ]);
}

export async function savePreference(transaction: Transaction, accountId: string, email: boolean): Promise<void> {
  await transaction.query(
    `insert into notification_preference (account_id, email) values ($1, $2)
     on conflict (account_id) do update set email = excluded.email, changed_at = now()`,
    [accountId, email],
  );
}
