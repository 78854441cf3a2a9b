import type { Person } from "@rollcall/core/contract/people.ts";
import { sql } from "kysely";
import type { PersonLink } from "./person-link-queries.ts";

/** A person as the database has it; the columns of `personColumns`. */
export type PersonRow = Omit<Person, "integrations" | "archivedAt" | "createdAt" | "updatedAt"> & {
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Of a table called `p`. */
export const personColumns = sql`p.id, p.username, p.email, p.full_name as "fullName", p.first_name as "firstName",
  p.last_name as "lastName", p.role, p.locale, p.time_zone as "timeZone", p.status, p.status_reason as "statusReason",
  p.status_run_id as "statusRunId", p.protected, p.archived_at as "archivedAt", p.attributes, p.created_at as "createdAt",
  p.updated_at as "updatedAt"`;

/** The person of the API: tracking fields are derived here from the links and never stored. */
export function toPerson(row: PersonRow, links: readonly PersonLink[]): Person {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    fullName: row.fullName,
    firstName: row.firstName,
    lastName: row.lastName,
    role: row.role,
    locale: row.locale,
    timeZone: row.timeZone,
    status: row.status,
    statusReason: row.statusReason,
    statusRunId: row.statusRunId,
    protected: row.protected,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    attributes: { ...row.attributes, ...trackingAttributes(links) },
    integrations: links.map((link) => ({
      integrationId: link.integrationId,
      name: link.name,
      vendorKey: link.vendorKey,
      active: link.active,
      saasUserId: link.saasUserId,
      softwareId: link.softwareId,
      softwareName: link.softwareName,
    })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Of several integrations with the same target, the one that saw the person last says the value. */
function trackingAttributes(links: readonly PersonLink[]): Person["attributes"] {
  const byTime = links.toSorted((a, b) => seenTime(a) - seenTime(b));
  return Object.fromEntries(
    byTime.flatMap(({ seenAt, credential, tracking }) =>
      tracking
        .filter(({ target }) => !target.startsWith("saas."))
        .map(({ source, target }) => [
          target,
          source === "connector.syncTime" ? (seenAt?.toISOString() ?? null) : credential,
        ]),
    ),
  );
}

function seenTime({ seenAt }: PersonLink): number {
  return seenAt?.getTime() ?? 0;
}
