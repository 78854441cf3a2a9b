import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { sql } from "kysely";

/** A SaaS user with the integration that brought it; the columns of `saasUserColumns`. */
export type SaasUserRow = Omit<SaasUser, "lastActivity" | "createdAt" | "updatedAt"> & {
  readonly lastActivity: Date | null;
  readonly activityKnown: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly seenAt: Date | null;
  readonly credential: string | null;
  readonly tracking: readonly { readonly source: string; readonly target: string }[] | null;
};

/** Of `saasUserTables`. */
export const saasUserColumns = sql`u.id, u.external_id as "externalId", u.person_id as "personId", u.email, u.name, u.role,
  u.last_activity as "lastActivity", u.activity_known as "activityKnown", u.status, u.deactivated_reason as "deactivatedReason",
  u.deactivated_run_id as "deactivatedRunId", u.attributes, u.created_at as "createdAt", u.updated_at as "updatedAt",
  source."integrationId", source."integrationName", source."seenAt", source.credential, source.tracking`;

/** Where the columns come from that belong to no SaaS user `u`. */
export const saasUserJoins = sql`left join lateral (
    select i.id as "integrationId", i.name as "integrationName",
      coalesce(l.last_seen_at, i.last_complete_started_at) as "seenAt", i.last_complete_credential as credential,
      (select jsonb_agg(jsonb_build_object('source', r ->> 'source', 'target', r ->> 'target'))
       from jsonb_array_elements(i.mapping -> 'rules') r
       where r ->> 'source' in ('connector.syncTime', 'connect.credentials') and r ->> 'target' like 'saas.%') as tracking
    from link l join integration i on i.id = l.integration_id
    where l.saas_user_id = u.id
    order by l.active desc, i.name, i.id
    limit 1) as source on true`;

export const saasUserTables = sql`saas_user u ${saasUserJoins}`;

export function toSaasUser(row: SaasUserRow): SaasUser {
  return {
    id: row.id,
    externalId: row.externalId,
    personId: row.personId,
    email: row.email,
    name: row.name,
    role: row.role,
    lastActivity: lastActivityOf(row),
    status: row.status,
    deactivatedReason: row.deactivatedReason,
    deactivatedRunId: row.deactivatedRunId,
    attributes: { ...row.attributes, ...trackingAttributes(row) },
    integrationId: row.integrationId,
    integrationName: row.integrationName,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Unknown stays unknown: a date that the vendor did not give is never made up. */
export function lastActivityOf(row: Pick<SaasUserRow, "lastActivity" | "activityKnown">): SaasUser["lastActivity"] {
  return { known: row.activityKnown, at: row.activityKnown ? (row.lastActivity?.toISOString() ?? null) : null };
}

function trackingAttributes({ tracking, seenAt, credential }: SaasUserRow): SaasUser["attributes"] {
  return Object.fromEntries(
    (tracking ?? []).map(({ source, target }) => [
      target.slice("saas.".length),
      source === "connector.syncTime" ? (seenAt?.toISOString() ?? null) : credential,
    ]),
  );
}
