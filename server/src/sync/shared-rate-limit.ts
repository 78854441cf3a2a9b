import { setTimeout as sleep } from "node:timers/promises";
import type { RateLimit } from "@rollcall/vendor-http/rate-limit.ts";
import type { Database, Transaction } from "../postgres/database.ts";
import { one } from "../postgres/query.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** How long a block of permissions may be used after it was given; unused ones lapse. */
const blockMilliseconds = 1_000;
/** A block counts for a minute after its last use, and a second more because the vendor counts arrivals. */
const windowMilliseconds = 60_000 + blockMilliseconds + 1_000;

export type SharedRateLimit = RateLimit & {
  /** Gives back what was taken and not used, so that others need not wait a minute for it. */
  readonly giveBack: () => Promise<void>;
};

type Block = { readonly id: string; readonly lapsesAt: number; left: number };

/**
 * A vendor's budget that all runs and processes with the same `bucket` (credential) share: never more than `perMinute` requests
 * in any 60 seconds. Permissions are taken from the database in blocks, so that a request seldom waits for it: the first is
 * small, since many a session asks one question, and each one that was used up doubles the next.
 */
export function sharedRateLimit(database: Database, bucket: string, perMinute: number): SharedRateLimit {
  const largest = Math.max(1, Math.min(100, Math.floor(perMinute / 40)));
  let wanted = Math.min(2, largest);
  let block: Block | null = null;
  let taking: Promise<void> = Promise.resolve();

  const takeOne = async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted();
      if (block !== null && block.left > 0 && performance.now() < block.lapsesAt) break;
      if (block !== null && block.left === 0) wanted = Math.min(wanted * 2, largest);
      const grant = await exchangeBlock(database, bucket, perMinute, block, wanted);
      block = grant.kind === "block" ? grant : null;
      if (grant.kind === "wait") {
        await sleep(Math.max(20, grant.milliseconds), undefined, { ...(signal && { signal }) });
      }
    }
    block.left -= 1;
  };
  return {
    acquire: (signal) => {
      const mine = taking.then(() => takeOne(signal));
      taking = mine.catch(() => undefined);
      return mine;
    },
    giveBack: async () => {
      await taking;
      const unused = block;
      block = null;
      if (unused === null || unused.left === 0) return;
      await inTransaction(database, (transaction) => returnUnused(transaction, bucket, unused));
    },
  };
}

type Grant =
  | ({ readonly kind: "block" } & Block)
  /** Nothing is left; how long until the oldest block stops counting. */
  | { readonly kind: "wait"; readonly milliseconds: number };

/** Returns what is left of a block and takes up to `wanted` permissions. */
async function exchangeBlock(
  database: Database,
  bucket: string,
  perMinute: number,
  unused: Block | null,
  wanted: number,
): Promise<Grant> {
  return inTransaction(database, async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock(hashtextextended('rate ' || $1, 0))", [bucket]);
    if (unused !== null && unused.left > 0) await returnUnused(transaction, bucket, unused);
    await transaction.query(
      `delete from rate_grant where bucket = $1 and granted_at < clock_timestamp() - $2 * interval '1 millisecond'`,
      [bucket, windowMilliseconds],
    );
    const { used, milliseconds } = await one<{ used: number; milliseconds: number }>(
      transaction,
      `select coalesce(sum(permissions), 0)::integer as used,
              coalesce(extract(epoch from min(granted_at) - clock_timestamp()) * 1000 + $2, 0)::float as milliseconds
       from rate_grant where bucket = $1`,
      [bucket, windowMilliseconds],
    );
    const left = Math.min(wanted, perMinute - used);
    if (left <= 0) return { kind: "wait", milliseconds };
    // Not before the others were waited for, or a busy machine gets permissions that have lapsed already.
    const lapsesAt = performance.now() + blockMilliseconds;
    const { id } = await one<{ id: string }>(
      transaction,
      "insert into rate_grant (bucket, permissions) values ($1, $2) returning id",
      [bucket, left],
    );
    return { kind: "block", id, lapsesAt, left };
  });
}

async function returnUnused(transaction: Transaction, bucket: string, { id, left }: Block): Promise<void> {
  await transaction.query("delete from rate_grant where bucket = $1 and id = $2 and permissions <= $3", [
    bucket,
    id,
    left,
  ]);
  await transaction.query("update rate_grant set permissions = permissions - $3 where bucket = $1 and id = $2", [
    bucket,
    id,
    left,
  ]);
}
