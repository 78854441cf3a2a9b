import type { PoolClient } from "pg";
import { type Database, kyselyClient, openKysely, type Query, type Transaction } from "./database.ts";
import { asDatabaseError } from "./database-error.ts";

export type Isolation = "read committed" | "repeatable read" | "serializable";

/**
 * Runs `work` in one transaction: its result is returned after the commit and after the `onCommit` actions; when it
 * throws, everything is rolled back and the error goes on. No network call to anybody else belongs inside.
 *
 * A failing `onCommit` action does not undo the commit: the others still run, then an error says so.
 *
 * @throws ProductError `database.unreachable`; whatever `work` throws; the driver's error of the commit
 */
export async function inTransaction<Result>(
  database: Database,
  work: (transaction: Transaction) => Promise<Result>,
  options: { readonly isolation?: Isolation } = {},
): Promise<Result> {
  const client = await connect(database);
  const open = openTransaction(client);
  let result: Result;
  try {
    await begin(client, options.isolation ?? "read committed");
    result = await work(open.transaction);
    open.finish();
    await commit(client);
  } catch (error) {
    open.finish();
    client.release(await rollback(client));
    throw error;
  }
  client.release();
  await runAfterCommit(open.actions);
  return result;
}

async function connect(database: Database): Promise<PoolClient> {
  try {
    return await database.pool.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

async function begin(client: PoolClient, isolation: Isolation): Promise<void> {
  try {
    await client.query(`begin isolation level ${isolation}`);
  } catch (error) {
    throw asDatabaseError(error);
  }
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query("commit").catch((error: unknown) => {
    throw asDatabaseError(error);
  });
  // PostgreSQL answers COMMIT with ROLLBACK when an earlier statement failed and the work swallowed its error.
  if (command === "ROLLBACK") {
    throw new Error(
      "The transaction was rolled back at commit: an earlier statement had failed and its error was swallowed.",
    );
  }
}

/** Returns the error that makes the connection unusable, for `release`; undefined when the rollback worked. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query("rollback");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function runAfterCommit(actions: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const action of actions) {
    try {
      await action();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, "The transaction is committed, but an action after the commit failed.");
  }
}

function openTransaction(client: PoolClient) {
  const actions: (() => void | Promise<void>)[] = [];
  let finished = false;

  const connection = (): PoolClient => {
    if (finished) {
      throw new Error("transaction already finished");
    }
    return client;
  };
  const query: Query = async (text, params) => {
    if (transactionControl.test(text)) {
      throw new Error(`inTransaction opens and ends the transaction; refused: ${text.trim().slice(0, 40)}`);
    }
    try {
      return await connection().query(text, params === undefined ? undefined : [...params]);
    } catch (error) {
      throw asDatabaseError(error);
    }
  };
  const kysely = openKysely(async () => kyselyClient(connection(), query, () => undefined));
  const transaction: Transaction = {
    kind: "transaction",
    query,
    kysely,
    connection,
    onCommit: (action) => {
      connection();
      actions.push(action);
    },
  };
  const finish = (): void => {
    finished = true;
  };
  return { transaction, actions, finish };
}

// Also keeps Kysely's own `transaction()` from nesting silently: PostgreSQL answers a second BEGIN with a mere warning.
const transactionControl = /^\s*(begin|start\s+transaction|commit|end|abort|rollback(?!\s+to\b))\b/i;
