import type { whySchema } from "@rollcall/core/contract/people.ts";
import type { z } from "zod";
import type { Database } from "../../postgres/database.ts";
import { isBigint } from "../../postgres/ids.ts";
import { personNotFound } from "./edit-person.ts";
import { findLinks } from "./person-link-queries.ts";
import { findOriginSubject, findOrigins, type Origin } from "./person-origin-queries.ts";

type Why = z.infer<typeof whySchema>;

/**
 * Where each value of a person came from, and why the person is active or not.
 *
 * @throws ProductError `person.not_found`
 */
export async function explainPerson(database: Database, id: string): Promise<Why> {
  const subject = isBigint(id) ? await findOriginSubject(database, id) : undefined;
  if (subject === undefined) {
    throw personNotFound(id);
  }
  const origins = new Map((await findOrigins(database, id)).map((origin) => [origin.field, origin]));
  const links = (await findLinks(database, [id])).get(id) ?? [];
  const status = origins.get(null);
  return {
    status: {
      value: subject.status,
      explanation: explainStatus(subject, status),
      runId: subject.statusRunId ?? status?.runId ?? null,
      at: status?.at.toISOString() ?? null,
    },
    values: [
      ...Object.entries(subject.document)
        .filter(([, value]) => value !== null)
        .map(([field, value]) => toValue(field, value, origins.get(field))),
      ...links.flatMap((link) => link.tracking.map((rule) => trackedValue(link, rule))),
    ],
  };
}

type Subject = NonNullable<Awaited<ReturnType<typeof findOriginSubject>>>;

function explainStatus({ status, statusBy, statusReason }: Subject, origin: Origin | undefined): string {
  const who = origin?.actor ?? origin?.integrationName ?? null;
  const source = who === null ? "" : ` by ${who}`;
  if (status === "active") {
    return statusBy === "person" ? `Set active by hand${source}.` : "Active: no run has deactivated this person.";
  }
  if (statusBy === "person") {
    return `Deactivated by hand${source}; no run reactivates a person whom a person deactivated.`;
  }
  return `Deactivated by a run${source}: ${statusReason ?? "no reason was kept"}. A later run may reactivate.`;
}

function toValue(field: string, value: unknown, origin: Origin | undefined): Why["values"][number] {
  return {
    field,
    value,
    source: sourceOf(field, origin),
    integrationId: origin?.integrationId ?? null,
    integrationName: origin?.integrationName ?? null,
    runId: origin?.runId ?? null,
    actor: origin?.actor ?? null,
    at: origin?.at.toISOString() ?? null,
  };
}

/** The path of a custom field, the connector's field, or the constant, as the mapping of the integration stands. */
function sourceOf(field: string, origin: Origin | undefined): string {
  if (origin === undefined) {
    return "not recorded";
  }
  if (origin.runId === null) {
    return "edited by hand";
  }
  const source = origin.mapping?.rules.find(({ target }) => target === field)?.source;
  const path = origin.mapping?.customFields?.find(({ name }) => name === source)?.path;
  return path ?? source ?? "no longer mapped";
}

type Link = NonNullable<ReturnType<Awaited<ReturnType<typeof findLinks>>["get"]>>[number];

function trackedValue(link: Link, { source, target }: Link["tracking"][number]): Why["values"][number] {
  return {
    field: target,
    value: source === "connector.syncTime" ? (link.seenAt?.toISOString() ?? null) : link.credential,
    source,
    integrationId: link.integrationId,
    integrationName: link.name,
    runId: null,
    actor: null,
    at: link.seenAt?.toISOString() ?? null,
  };
}
