import { createHash } from "node:crypto";
import type {
  DisputeAnswer,
  KnownLink,
  KnownPerson,
  KnownSaasUser,
  PlanPolicy,
  SeenRecord,
  ValueDocument,
} from "@rollcall/core/reconcile/plan.ts";
import type { ReconciliationInput } from "@rollcall/core/reconcile/plan-reconciliation.ts";
import { copyInto } from "@rollcall/server/postgres/copy-into.ts";
import { copyRow, json } from "@rollcall/server/postgres/copy-row.ts";
import type { Queryable, Transaction } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { createStage, type StageTables } from "@rollcall/server/sync/stage-tables.ts";

/** Settings of a plan for tests: e-mail is the sync key, username follows it, everything is allowed, nothing is guarded. */
export function aPolicy(changes: Partial<PlanPolicy> = {}): PlanPolicy {
  return {
    mode: "user-plus-saas",
    preference: "create-update",
    deactivate: true,
    personDeactivation: "when-unseen",
    restoreArchived: false,
    fieldPolicies: {},
    uniqueFields: ["email", "username"],
    syncKeyCount: 1,
    mandatoryFields: ["username", "email", "role"],
    complete: true,
    judgesAbsence: true,
    guard: {
      enabled: false,
      maxPercent: 10,
      minCount: 5,
      windowPercent: 20,
      confirmRuns: 1,
      windowDeactivated: 0,
      goneLists: [],
    },
    ...changes,
  };
}

/** A mapped record; its content hash follows its values as in a run. */
export function aSeenRecord(
  key: string,
  person: ValueDocument,
  changes: Partial<Omit<SeenRecord, "key" | "person">> = {},
): SeenRecord {
  const outcome = changes.outcome ?? "mapped";
  const activity = changes.activity ?? "unknown";
  const saas = changes.saas ?? { externalId: key };
  const values = JSON.stringify([outcome, activity, sorted(person), sorted(saas)]);
  return {
    key,
    outcome,
    activity,
    person,
    saas,
    uniques: [text(person.email), text(person.username)],
    contentHash: createHash("sha256").update(values).digest("hex"),
    ...changes,
  };
}

/** An integration with its SaaS record; returns their ids. */
export async function anIntegration(
  on: Queryable,
  name: string,
): Promise<{ integrationId: string; softwareId: string }> {
  const { id: softwareId } = await one<{ id: string }>(on, "insert into software (name) values ($1) returning id", [
    name,
  ]);
  const { id: integrationId } = await one<{ id: string }>(
    on,
    `insert into integration (name, connector, status, mode, schedule, mapping, filter, guard, software_id)
     values ($1, 'ironclad-clickwrap', 'active', 'user-plus-saas', '{}', '{}', '{}', '{}', $2) returning id`,
    [name, softwareId],
  );
  return { integrationId, softwareId };
}

/** A run in the middle of its work, with its own tables and a lease. */
export async function aRun(on: Queryable, integrationId: string): Promise<string> {
  const { id } = await one<{ id: string }>(
    on,
    "insert into run (integration_id, status, stage, started_at) values ($1, 'completed', 'finished', now()) returning id",
    [integrationId],
  );
  return id;
}

/** Puts records into a run's stage, as fetching does. */
export async function stageRecords(
  transaction: Transaction,
  tables: StageTables,
  seen: readonly SeenRecord[],
): Promise<void> {
  await createStage(transaction, tables);
  await copyInto(
    transaction,
    `copy ${tables.record} (key, listing, outcome, activity, person, saas, uniques, hash) from stdin`,
    seen.map((record) =>
      copyRow([
        record.key,
        0,
        record.outcome[0],
        record.activity[0],
        json(record.person),
        json(record.saas),
        record.uniques,
        Buffer.from(record.contentHash, "hex"),
      ]),
    ),
  );
}

/** What the database knows, as the reference plan takes it. */
export async function loadKnown(
  on: Queryable,
  integrationId: string,
  seen: readonly SeenRecord[],
  policy: PlanPolicy,
): Promise<ReconciliationInput> {
  const links = await rows<KnownLink>(
    on,
    `select vendor_key as key, person_id as "personId", saas_user_id as "saasUserId", encode(content_hash, 'hex') as "contentHash",
            active, missing_runs as "missingRuns"
     from link where integration_id = $1`,
    [integrationId],
  );
  const people = await rows<KnownPerson>(
    on,
    `select p.id, person_document(p) as document, p.status, p.status_by as "statusBy", p.protected,
            p.manual_fields as "manualFields", p.archived_by as "archivedBy",
            exists (select 1 from link l join integration i on i.id = l.integration_id and i.status in ('active', 'paused')
                    where l.person_id = p.id and l.integration_id <> $1 and l.active) as "activeElsewhere"
     from person p`,
    [integrationId],
  );
  const saasUsers = await rows<KnownSaasUser>(
    on,
    `select id, saas_user_document(u) as document, status, status_by as "statusBy" from saas_user u`,
  );
  const answers = await rows<DisputeAnswer>(
    on,
    `select vendor_key as key, answer, answer_person_id as "personId" from dispute where integration_id = $1 and answer is not null`,
    [integrationId],
  );
  return { links, people, saasUsers, seen, answers, policy };
}

function text(value: ValueDocument[string] | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function sorted(document: ValueDocument): [string, unknown][] {
  return Object.entries(document).sort(([one], [other]) => (one < other ? -1 : 1));
}
