import type { Queryable } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";
import type { LeasedDestination } from "./push-store.ts";

/** In whose name an instance is sent bulk uploads: one of its integrations. */
export type BulkSender = { readonly url: string; readonly connector: string };

export type SentPerson = { readonly key: string; readonly remoteId: string | null };

/** Everybody who was ever sent in the name of an integration of an instance. */
export async function listSent(on: Queryable, { url, connector }: BulkSender): Promise<readonly SentPerson[]> {
  return await rows<SentPerson>(
    on,
    `select sent_key as key, remote_id as "remoteId" from bulk_sent where url = $1 and connector = $2 order by sent_key`,
    [url, connector],
  );
}

/** Remembers who is sent, before it is; and the ids by which they are known there, once they are. */
export async function saveSent(
  on: Queryable,
  { url, connector }: BulkSender,
  people: readonly SentPerson[],
): Promise<void> {
  await on.query(
    `insert into bulk_sent (url, connector, sent_key, remote_id) select $1, $2, * from unnest($3::text[], $4::text[])
     on conflict (url, connector, sent_key) do update set remote_id = excluded.remote_id
     where excluded.remote_id is not null and bulk_sent.remote_id is distinct from excluded.remote_id`,
    [url, connector, people.map(({ key }) => storableText(key)), people.map(({ remoteId }) => remoteId)],
  );
}

/** Remembers the upload of which the outcome is not known yet; null: there is none. */
export async function savePortion(
  on: Queryable,
  { id, lease }: Pick<LeasedDestination, "id" | "lease">,
  portion: string | null,
): Promise<void> {
  await on.query(
    `update destination set bulk_portion = $3, bulk_portion_at = case when $3::uuid is not null then now() end
     where id = $1 and lease = $2`,
    [id, lease, portion],
  );
}
