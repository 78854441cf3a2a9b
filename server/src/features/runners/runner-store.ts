import type { CreateRunner, UpdateRunner } from "@rollcall/core/contract/runners.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";

type NewRunner = Pick<CreateRunner, "name" | "integrationIds"> & {
  readonly codeHash: Buffer;
  readonly codeExpiresAt: Date;
  readonly createdBy: string;
};

/** The new runner's id; undefined when the name belongs to another. */
export async function insertRunner(transaction: Transaction, runner: NewRunner): Promise<string | undefined> {
  const inserted = await maybeOne<{ id: string }>(
    transaction,
    `insert into runner (name, all_integrations, code_hash, code_expires_at, created_by) values ($1, $2, $3, $4, $5)
     on conflict (comparable(name)) do nothing returning id`,
    [
      storableText(runner.name),
      runner.integrationIds === null,
      runner.codeHash,
      runner.codeExpiresAt,
      runner.createdBy,
    ],
  );
  if (inserted !== undefined) {
    await insertRunnerIntegrations(transaction, inserted.id, runner.integrationIds ?? []);
  }
  return inserted?.id;
}

/**
 * Changes what is given; false when the name belongs to another. A run that the runner reads at the moment it may read to its end, since
 * it holds everything about it already; the next one it is not given.
 */
export async function updateRunnerRow(
  transaction: Transaction,
  id: string,
  { name, integrationIds }: UpdateRunner,
): Promise<boolean> {
  if (name !== undefined) {
    const taken = "select from runner where comparable(name) = comparable($1) and id <> $2";
    if ((await maybeOne(transaction, taken, [storableText(name), id])) !== undefined) return false;
    await transaction.query("update runner set name = $2 where id = $1", [id, storableText(name)]);
  }
  if (integrationIds !== undefined) {
    await transaction.query("update runner set all_integrations = $2 where id = $1", [id, integrationIds === null]);
    await transaction.query("delete from runner_integration where runner_id = $1", [id]);
    await insertRunnerIntegrations(transaction, id, integrationIds ?? []);
  }
  return true;
}

async function insertRunnerIntegrations(transaction: Transaction, id: string, ids: readonly string[]): Promise<void> {
  await transaction.query(
    "insert into runner_integration (runner_id, integration_id) select $1, id from integration where id = any ($2::uuid[])",
    [id, ids],
  );
}

/** Exchanges a code for a token, once; undefined when the code is none or has expired at `now`. */
export async function takeCode(
  transaction: Transaction,
  codeHash: Buffer,
  token: { readonly hash: Buffer; readonly version: string; readonly now: Date },
): Promise<{ readonly id: string; readonly name: string; readonly createdBy: string | null } | undefined> {
  return await maybeOne(
    transaction,
    `update runner set code_hash = null, code_expires_at = null, token_hash = $2, version = $3, enrolled_at = $4, last_seen_at = $4
     where code_hash = $1 and code_expires_at > $4 returning id, name, created_by as "createdBy"`,
    [codeHash, token.hash, storableText(token.version), token.now],
  );
}

/** Removes a runner, whose token is worthless then; false when there is none. */
export async function deleteRunnerRow(transaction: Transaction, id: string): Promise<boolean> {
  return (await affected(transaction, "delete from runner where id = $1", [id])) === 1;
}

/** Remembers that the runner called at `now`; not for every call. */
export async function noteSeen(on: Queryable, id: string, now: Date, version: string | null): Promise<void> {
  await on.query(
    `update runner set last_seen_at = $2, version = coalesce($3, version)
     where id = $1 and (last_seen_at < $2::timestamptz - interval '5 seconds' or version is distinct from coalesce($3, version))`,
    [id, now, version === null ? null : storableText(version)],
  );
}
