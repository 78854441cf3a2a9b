import type { Queryable } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";

export type LateRun = {
  readonly integrationId: string;
  readonly name: string;
  readonly dueAt: Date | null;
  readonly runId: string | null;
  readonly why: "not-fired" | "waiting";
};

/**
 * Scheduled runs that should be under way at `now` and are not: those that were not fired though no run is in their way, and
 * those that wait while no worker shows a sign of life, or wait for longer than an hour.
 */
export async function listLateRuns(on: Queryable, now: Date): Promise<readonly LateRun[]> {
  return await rows<LateRun>(
    on,
    `select i.id as "integrationId", i.name, s.next_run_at as "dueAt", null::uuid as "runId", 'not-fired' as why
     from schedule s join integration i on i.id = s.integration_id
     where not s.paused and s.next_run_at <= $1 and i.status = 'active'
       and not exists (select from run r where r.integration_id = i.id and r.status in ('queued', 'running'))
     union all
     select i.id, i.name, r.due_at, r.id, 'waiting'
     from run r join integration i on i.id = r.integration_id
     where r.status = 'queued' and r.trigger in ('schedule', 'catch-up')
       and (r.queued_at < $1::timestamptz - interval '1 hour'
         or not exists (select from run busy where busy.status = 'running' and busy.heartbeat_at > now() - interval '1 minute'))`,
    [now],
  );
}

/** Integrations whose alarm of this trigger is open although nothing of it is left at `now`. */
export async function listStartedAgain(
  on: Queryable,
  now: Date,
): Promise<readonly { readonly integrationId: string; readonly name: string | null; readonly silent: boolean }[]> {
  return await rows(
    on,
    `select a.subject_id as "integrationId", i.name, i.id is null or i.status <> 'active' or s.next_run_at is null as silent
     from alarm a left join integration i on i.id::text = a.subject_id left join schedule s on s.integration_id = i.id
     where a.open and a.trigger = 'did_not_start'
       and (i.id is null or i.status <> 'active' or s.next_run_at is null or s.next_run_at > $1)
       and not exists (select from run r where r.integration_id = i.id and r.status = 'queued')`,
    [now],
  );
}

export type LongRun = { readonly runId: string; readonly integrationId: string };

/** Runs that were asked for or begun more than 24 hours before `now` and have no end. */
export async function listLongRuns(on: Queryable, now: Date): Promise<readonly LongRun[]> {
  return await rows<LongRun>(
    on,
    `select id as "runId", integration_id as "integrationId" from run
     where status in ('queued', 'running') and coalesce(started_at, queued_at) < $1::timestamptz - interval '24 hours'`,
    [now],
  );
}

export type FreshnessFacts = {
  readonly integrationId: string;
  readonly name: string;
  readonly document: unknown;
  readonly activeSince: Date;
  readonly lastCompleteAt: Date | null;
  readonly busy: boolean;
  readonly stale: boolean;
};

/** How fresh the integrations with a schedule are, in pages of `limit` behind the id `after`; also those alarmed before. */
export async function listFreshness(on: Queryable, after: string, limit: number): Promise<readonly FreshnessFacts[]> {
  return await rows<FreshnessFacts>(
    on,
    `select i.id as "integrationId", i.name, s.document, s.active_since as "activeSince",
       i.last_complete_started_at as "lastCompleteAt", a.open is true as stale,
       exists (select from run r where r.integration_id = i.id and r.status in ('queued', 'running')) as busy
     from schedule s join integration i on i.id = s.integration_id
     left join alarm a on a.subject = 'integration' and a.subject_id = i.id::text and a.trigger = 'stale'
     where not s.paused and i.status = 'active' and i.id > $1 order by i.id limit $2`,
    [after, limit],
  );
}

/** Integrations whose alarms say nothing any more: archived, deleted, or paused for what only a schedule can miss. */
export async function listSilenced(
  on: Queryable,
): Promise<readonly { readonly integrationId: string; readonly all: boolean }[]> {
  return await rows(
    on,
    `select distinct a.subject_id as "integrationId", i.id is null or i.status = 'archived' as all
     from alarm a left join integration i on i.id::text = a.subject_id
     where a.open and a.subject = 'integration'
       and (i.id is null or i.status = 'archived' or (i.status <> 'active' and a.trigger = 'stale'))`,
  );
}

export type ExpiringCredential = {
  readonly credentialId: string;
  readonly name: string;
  readonly expiresOn: string;
  readonly daysLeft: number;
};

/** Credentials that expire within 30 days of `now` (days are those of UTC), used or not. */
export async function listExpiringCredentials(on: Queryable, now: Date): Promise<readonly ExpiringCredential[]> {
  return await rows<ExpiringCredential>(
    on,
    `select id as "credentialId", name, expires_on as "expiresOn", expires_on - ($1::timestamptz at time zone 'UTC')::date as "daysLeft"
     from credential where expires_on - ($1::timestamptz at time zone 'UTC')::date <= 30`,
    [now],
  );
}

/** Credentials with an open alarm that no longer expire soon; without a name when they are gone. */
export async function listRenewedCredentials(
  on: Queryable,
  now: Date,
): Promise<readonly { readonly credentialId: string; readonly name: string | null }[]> {
  return await rows(
    on,
    `select a.subject_id as "credentialId", c.name
     from alarm a left join credential c on c.id::text = a.subject_id
     where a.open and a.trigger = 'credential_expiring'
       and (c.expires_on is null or c.expires_on - ($1::timestamptz at time zone 'UTC')::date > 30)`,
    [now],
  );
}

/** Open reviews whose plan somebody has decided about since. */
export async function listDecidedReviews(
  on: Queryable,
): Promise<readonly { readonly integrationId: string; readonly name: string; readonly plan: string }[]> {
  return await rows(
    on,
    `select i.id as "integrationId", i.name, r.plan
     from alarm a join run r on r.id = a.run_id join integration i on i.id = r.integration_id
     where a.open and a.trigger = 'needs_review' and r.plan in ('approved', 'rejected', 'undone')`,
  );
}
