import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one, rows } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";

/** Values by field name; sealed ones, or what may be shown of them. */
type ByField = Readonly<Record<string, string>>;

export type StoredCredential = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly sealed: ByField;
  readonly hints: ByField;
};

type CredentialColumns = Omit<StoredCredential, "id"> & {
  readonly ownerId: string | null;
  readonly expiresOn: string | null;
};

/** A new row's id, needed before its values can be sealed for it. */
export async function newCredentialId(transaction: Transaction): Promise<string> {
  const { id } = await one<{ id: string }>(transaction, "select uuid7() as id");
  return id;
}

/** False when the name is taken. */
export async function insertCredential(
  transaction: Transaction,
  id: string,
  values: CredentialColumns,
): Promise<boolean> {
  const inserted = await affected(
    transaction,
    `insert into credential (id, name, kind, sealed, hints, owner_id, expires_on) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (comparable(name)) do nothing`,
    [
      id,
      values.name,
      values.kind,
      storableJson(values.sealed),
      storableJson(values.hints),
      values.ownerId,
      values.expiresOn,
    ],
  );
  return inserted === 1;
}

/** The row, locked against other changes, deletion and new users until the transaction ends. */
export async function lockCredential(transaction: Transaction, id: string): Promise<StoredCredential | undefined> {
  return await maybeOne<StoredCredential>(
    transaction,
    "select id, name, kind, sealed, hints from credential where id = $1 for update",
    [id],
  );
}

/** The row as it is, to open its values. */
export async function readCredential(on: Queryable, id: string): Promise<StoredCredential | undefined> {
  return await maybeOne<StoredCredential>(on, "select id, name, kind, sealed, hints from credential where id = $1", [
    id,
  ]);
}

type CredentialChange = {
  readonly name?: string | undefined;
  readonly values?: { readonly sealed: ByField; readonly hints: ByField } | undefined;
  /** Undefined leaves it, null clears it. */
  readonly ownerId?: string | null | undefined;
  readonly expiresOn?: string | null | undefined;
};

/** Changes what is given. New values end the access token that was minted from the old ones, and the last test's word. */
export async function updateCredential(transaction: Transaction, id: string, change: CredentialChange): Promise<void> {
  await affected(
    transaction,
    `update credential set
       name = coalesce($2, name),
       sealed = sealed || coalesce($3::jsonb, '{}'),
       hints = hints || coalesce($4::jsonb, '{}'),
       owner_id = case when $5 then $6::uuid else owner_id end,
       expires_on = case when $7 then $8::date else expires_on end,
       last_test = case when $3::jsonb is null then last_test end,
       updated_at = now()
     where id = $1`,
    [
      id,
      change.name,
      change.values === undefined ? null : storableJson(change.values.sealed),
      change.values === undefined ? null : storableJson(change.values.hints),
      change.ownerId !== undefined,
      change.ownerId ?? null,
      change.expiresOn !== undefined,
      change.expiresOn ?? null,
    ],
  );
  if (change.values !== undefined) {
    await affected(transaction, "delete from credential_token where credential_id = $1", [id]);
  }
}

/** Whether another credential has the name. */
export async function isNameTaken(transaction: Transaction, name: string, exceptId: string): Promise<boolean> {
  const row = await maybeOne(
    transaction,
    "select from credential where comparable(name) = comparable($1) and id <> $2",
    [name, exceptId],
  );
  return row !== undefined;
}

export async function saveTestOutcome(transaction: Transaction, id: string, outcome: TestOutcome): Promise<void> {
  await affected(transaction, "update credential set last_test = $2 where id = $1", [id, storableJson(outcome)]);
}

/** Deletes the row and its access tokens. Integrations that are archived forget it. */
export async function deleteCredentialRow(transaction: Transaction, id: string): Promise<void> {
  await affected(
    transaction,
    "update integration set credential_id = null where credential_id = $1 and status = 'archived'",
    [id],
  );
  await affected(transaction, "delete from credential where id = $1", [id]);
}

/** Ids after `afterId`, in order, for going through all. */
export async function listCredentialIds(on: Queryable, afterId: string, limit: number): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(on, "select id from credential where id > $1 order by id limit $2", [
    afterId,
    limit,
  ]);
  return found.map(({ id }) => id);
}

/** Puts newly sealed values in place of the old ones; what they say is the same. */
export async function replaceSealedValues(transaction: Transaction, id: string, sealed: ByField): Promise<void> {
  await affected(transaction, "update credential set sealed = sealed || $2::jsonb where id = $1", [
    id,
    storableJson(sealed),
  ]);
}

export type StoredToken = { readonly tokenUrl: string; readonly sealed: string };

export async function lockTokens(transaction: Transaction, credentialId: string): Promise<readonly StoredToken[]> {
  return await rows<StoredToken>(
    transaction,
    `select token_url as "tokenUrl", sealed from credential_token where credential_id = $1 order by token_url for update`,
    [credentialId],
  );
}

/** Only the seal changes; the fingerprint says from which values the token was minted. */
export async function replaceSealedToken(
  transaction: Transaction,
  credentialId: string,
  { tokenUrl, sealed }: StoredToken,
): Promise<void> {
  await affected(transaction, "update credential_token set sealed = $3 where credential_id = $1 and token_url = $2", [
    credentialId,
    tokenUrl,
    sealed,
  ]);
}
