import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";

/** Field name → value; People fields and custom ones alike. */
export type PersonDocument = Readonly<Record<string, unknown>>;

/** The status with who set it and why, in the words of a change's `personStatus`. */
export type PersonStatus = {
  readonly status: "active" | "inactive";
  readonly by: "run" | "person";
  readonly reason: string | null;
  readonly runId: string | null;
  readonly archivedBy: "undo" | "person" | null;
};

export type LockedPerson = {
  readonly document: PersonDocument;
  readonly status: PersonStatus;
  readonly protected: boolean;
};

/** The person, locked until the transaction ends. */
export async function lockPerson(transaction: Transaction, id: string): Promise<LockedPerson | undefined> {
  return await maybeOne<LockedPerson>(
    transaction,
    `select person_document(p) as document, p.protected,
       jsonb_build_object('status', p.status, 'by', p.status_by, 'reason', p.status_reason, 'runId', p.status_run_id,
         'archivedBy', p.archived_by) as status
     from person p where p.id = $1 for update`,
    [id],
  );
}

type NewPerson = {
  readonly document: PersonDocument;
  readonly status: PersonStatus["status"];
  readonly statusReason: string | null;
  readonly protected: boolean;
  readonly actorId: string;
};

/** @throws the driver's unique violation, naming the constraint */
export async function insertPerson(transaction: Transaction, person: NewPerson): Promise<string> {
  const { id } = await one<{ id: string }>(
    transaction,
    `insert into person (username, email, full_name, first_name, last_name, role, locale, time_zone, attributes, status,
                         status_by, status_reason, protected, manual_fields, created_by)
     select d ->> 'username', d ->> 'email', d ->> 'fullName', d ->> 'firstName', d ->> 'lastName', d ->> 'role',
       d ->> 'locale', d ->> 'timeZone', jsonb_strip_nulls(d - ${builtIn}), $2, 'person', $3, $4,
       array(select jsonb_object_keys(d)), $5
     from (select $1::jsonb as d) as given
     returning id`,
    [storableJson(person.document), person.status, person.statusReason, person.protected, person.actorId],
  );
  return id;
}

type PersonChange = {
  /** Only what changes; null clears. */
  readonly document: PersonDocument;
  readonly status: PersonStatus;
  readonly protected: boolean;
};

/** @throws the driver's unique violation, naming the constraint */
export async function updatePersonRow(transaction: Transaction, id: string, change: PersonChange): Promise<void> {
  const value = (field: string, column: string): string =>
    `${column} = case when d ? '${field}' then d ->> '${field}' else ${column} end`;
  await affected(
    transaction,
    `update person set
       ${value("username", "username")}, ${value("email", "email")}, ${value("fullName", "full_name")},
       ${value("firstName", "first_name")}, ${value("lastName", "last_name")}, ${value("role", "role")},
       ${value("locale", "locale")}, ${value("timeZone", "time_zone")},
       attributes = jsonb_strip_nulls(attributes || (d - ${builtIn})),
       manual_fields = array(select unnest(manual_fields) union select jsonb_object_keys(d)),
       status = s ->> 'status', status_by = s ->> 'by', status_reason = s ->> 'reason', status_run_id = (s ->> 'runId')::uuid,
       archived_by = s ->> 'archivedBy',
       archived_at = case when s ->> 'archivedBy' is null then null else coalesce(archived_at, now()) end,
       protected = $4, updated_at = now()
     from (select $2::jsonb as d, $3::jsonb as s) as given
     where person.id = $1`,
    [id, storableJson(change.document), storableJson(change.status), change.protected],
  );
}

const builtIn = "'{username,email,fullName,firstName,lastName,role,locale,timeZone}'::text[]";

/** Keeps the look-up of unique custom fields in step. False when the value belongs to another person. */
export async function setUniqueValue(
  transaction: Transaction,
  personId: string,
  field: string,
  value: string | null,
): Promise<boolean> {
  await affected(transaction, "delete from person_unique where person_id = $1 and field = $2", [personId, field]);
  if (value === null) {
    return true;
  }
  const taken = await maybeOne(
    transaction,
    "select from person_unique where field = $1 and value_key = comparable($2)",
    [field, value],
  );
  if (taken !== undefined) {
    return false;
  }
  await affected(
    transaction,
    "insert into person_unique (field, value_key, person_id) values ($1, comparable($2), $3)",
    [field, value, personId],
  );
  return true;
}

/** Makes the next run of every integration compare the person field by field. */
export async function forgetContentHashes(transaction: Transaction, personId: string): Promise<void> {
  await affected(transaction, "update link set content_hash = null where person_id = $1 and content_hash is not null", [
    personId,
  ]);
}

export type HandChange = {
  readonly actorId: string;
  readonly kind: "create" | "edit";
  readonly personId: string;
  readonly saasUserId: string | null;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
};

/** One line of history for what a person did by hand. */
export async function insertHandChange(transaction: Transaction, change: HandChange): Promise<void> {
  await affected(
    transaction,
    `insert into change (actor_id, kind, person_id, saas_user_id, before, after, reason, hash)
     values ($1, $2, $3, $4, $5, $6, 'by hand', change_digest(null, $2, null, $3, $4, $5, $6, 'by hand', null, $1))`,
    [
      change.actorId,
      change.kind,
      change.personId,
      change.saasUserId,
      storableJson(change.before),
      storableJson(change.after),
    ],
  );
}
