import type { Database } from "@rollcall/server/postgres/database.ts";
import { affected, one } from "@rollcall/server/postgres/query.ts";

/** For tests: rows of the inventory as runs leave them, without running one. Every function returns the row's id. */

let made = 0;

type PersonValues = { username?: string; email?: string; fullName?: string | null; status?: string; statusBy?: string };

export async function aPerson(database: Database, values: PersonValues = {}): Promise<string> {
  made += 1;
  const { username = `user-${made}`, email = `${username}@example.com`, fullName = null } = values;
  const { id } = await one<{ id: string }>(
    database,
    `insert into person (username, email, full_name, role, status, status_by) values ($1, $2, $3, 'User', $4, $5) returning id`,
    [username, email, fullName, values.status ?? "active", values.statusBy ?? "run"],
  );
  return id;
}

export async function aSoftware(database: Database, name = "Clickwrap", seats: number | null = null): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    "insert into software (name, seats, seat_cost, currency) values ($1, $2, 12.5, 'EUR') returning id",
    [name, seats],
  );
  return id;
}

type SaasUserValues = {
  personId?: string;
  name?: string | null;
  email?: string | null;
  role?: string | null;
  status?: string;
  lastActivity?: string | null;
  activityKnown?: boolean;
};

export async function aSaasUser(database: Database, softwareId: string, values: SaasUserValues = {}): Promise<string> {
  made += 1;
  const { id } = await one<{ id: string }>(
    database,
    `insert into saas_user (software_id, person_id, external_id, name, email, role, status, last_activity, activity_known)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      softwareId,
      values.personId ?? (await aPerson(database)),
      `external-${made}`,
      values.name ?? null,
      values.email ?? null,
      values.role ?? null,
      values.status ?? "active",
      values.lastActivity ?? null,
      values.activityKnown ?? (values.lastActivity ?? null) !== null,
    ],
  );
  return id;
}

type Rule = { readonly source: string; readonly target: string };

/** An active integration whose last complete run began at `lastRunAt` with the credential "Legal EU". */
export async function anIntegration(
  database: Database,
  {
    name = "Clickwrap",
    rules = [],
    lastRunAt = null,
  }: { name?: string; rules?: readonly Rule[]; lastRunAt?: string | null } = {},
): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    `insert into integration (name, connector, status, schedule, mapping, filter, guard, last_complete_started_at,
                              last_complete_credential)
     values ($1, 'ironclad-clickwrap', 'active', '{"kind": "manual"}', $2, '{}', '{}', $3, 'Legal EU') returning id`,
    [name, JSON.stringify({ rules, customFields: [] }), lastRunAt],
  );
  return id;
}

type LinkValues = { integrationId: string; personId: string; saasUserId?: string; lastSeenAt?: string };

export async function aLink(database: Database, values: LinkValues): Promise<string> {
  made += 1;
  const vendorKey = `key-${made}`;
  await affected(
    database,
    `insert into link (integration_id, vendor_key, person_id, saas_user_id, content_hash, last_seen_at)
     values ($1, $2, $3, $4, '\\x00', $5)`,
    [values.integrationId, vendorKey, values.personId, values.saasUserId ?? null, values.lastSeenAt ?? null],
  );
  return vendorKey;
}

type RunChange = { integrationId: string; personId: string; applied?: boolean; before?: object; after?: object };

/** A finished run with one change of a person; returns the run's id. */
export async function aRunChange(database: Database, values: RunChange): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    `insert into run (integration_id, status, stage, plan, applied_at)
     values ($1, 'completed', 'finished', $2, case when $2 = 'applied' then now() end) returning id`,
    [values.integrationId, values.applied === false ? "open" : "applied"],
  );
  const before = JSON.stringify(values.before ?? {});
  const after = JSON.stringify(values.after ?? {});
  await affected(
    database,
    `insert into change (run_id, integration_id, kind, person_id, before, after, hash)
     values ($1, $2, 'update', $3, $4, $5, change_digest($1, 'update', null, $3, null, $4, $5, null, null))`,
    [id, values.integrationId, values.personId, before, after],
  );
  return id;
}
