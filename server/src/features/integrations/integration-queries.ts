import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import type { Integration, IntegrationSettings, ListIntegrationsQuery } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { TargetField } from "@rollcall/core/mapping/mapping-schema.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { type Keyset, keysetPage, type Positioned } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne, one, rows } from "../../postgres/query.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { type FieldDefinition, targetFieldsOf } from "./integration-fields.ts";
import { type IntegrationRow, integrationColumns, integrationTables, settingsOf } from "./integration-row.ts";
import { type ShownIntegrationRow, toIntegration } from "./to-integration.ts";

type ReadParts = { readonly database: Database; readonly connectors: ConnectorCatalog; readonly now: () => Date };

/** The integration as the API shows it; undefined when there is none. */
export async function getIntegration(parts: ReadParts, id: string): Promise<Integration | undefined> {
  if (!isUuid(id)) {
    return undefined;
  }
  const row = await maybeOne<ShownIntegrationRow>(
    parts.database,
    `select ${integrationColumns}, ${shownColumns} from ${integrationTables} ${shownJoin} where integration.id = $1`,
    [id],
  );
  return row === undefined ? undefined : (await shownWith(parts))(row);
}

const integrationKeyset: Keyset = {
  list: "integrations",
  sorts: {
    name: { value: sql`integration.name`, type: "text" },
    createdAt: { value: sql`integration.created_at`, type: "timestamptz" },
    updatedAt: { value: sql`integration.updated_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`integration.id`, type: "uuid" },
};

/** Integrations in every state, archived ones too unless `status` says otherwise. */
export async function listIntegrations(parts: ReadParts, query: ListIntegrationsQuery): Promise<ListOf<Integration>> {
  const { status, connector, q } = query;
  const page = keysetPage(integrationKeyset, query, { status, connector, q });
  const pattern = containsPattern(q);
  const wanted = sql<boolean>`
    ${status === undefined ? sql`true` : sql`integration.status = ${status}`}
    and ${connector === undefined ? sql`true` : sql`integration.connector = ${connector}`}
    and ${pattern === null ? sql`true` : sql`integration.name ilike ${pattern}`}`;
  const found = await sql<ShownIntegrationRow & Positioned>`
    select ${sql.raw(integrationColumns)}, ${sql.raw(shownColumns)}, ${page.position} as position
    from ${sql.raw(integrationTables)} ${sql.raw(shownJoin)}
    where ${wanted} and ${page.after} ${page.orderAndLimit}`.execute(parts.database.kysely);
  const total = page.total ?? (await countIntegrations(parts.database, wanted));
  return page.answer(found.rows, total, await shownWith(parts));
}

/** What a run needs to know, all of one moment. */
export type RunSettings = Omit<IntegrationSettings, "inputs" | "credentialId"> & {
  readonly integrationId: string;
  readonly status: Integration["status"];
  readonly revision: number;
  readonly inputs: InputValues;
  readonly credential: { readonly id: string; readonly name: string; readonly kind: string } | null;
  readonly fields: readonly FieldDefinition[];
  readonly targetFields: readonly TargetField[];
};

/** The settings of an integration as a run uses them, in one query; undefined when there is no such integration. */
export async function loadRunSettings(on: Queryable, integrationId: string): Promise<RunSettings | undefined> {
  if (!isUuid(integrationId)) {
    return undefined;
  }
  const row = await maybeOne<
    IntegrationRow & { readonly credentialKind: string | null; readonly fields: readonly FieldDefinition[] }
  >(
    on,
    `select ${integrationColumns}, credential.kind as "credentialKind",
       (select coalesce(json_agg(to_jsonb(field) - 'position' order by field.entity, field.position, field.name), '[]')
        from (select ${fieldColumns}, position from field_definition) field) as fields
     from ${integrationTables} where integration.id = $1`,
    [integrationId],
  );
  if (row === undefined) {
    return undefined;
  }
  const { credentialId, inputs, ...settings } = settingsOf(row);
  const { credentialName: name, credentialKind: kind } = row;
  return {
    ...settings,
    integrationId: row.id,
    status: row.status,
    revision: row.revision,
    // Written by checkSettings alone, which has typed them.
    inputs: inputs as InputValues,
    credential: credentialId === null || name === null || kind === null ? null : { id: credentialId, name, kind },
    fields: row.fields,
    targetFields: targetFieldsOf(row.fields),
  };
}

export async function findIntegrationRow(on: Queryable, id: string): Promise<IntegrationRow | undefined> {
  return await maybeOne<IntegrationRow>(
    on,
    `select ${integrationColumns} from ${integrationTables} where integration.id = $1`,
    [id],
  );
}

export async function listFieldDefinitions(on: Queryable): Promise<readonly FieldDefinition[]> {
  return await rows<FieldDefinition>(
    on,
    `select ${fieldColumns} from field_definition order by entity, position, name`,
  );
}

export async function hasRuns(on: Queryable, integrationId: string): Promise<boolean> {
  return await exists(on, "select from run where integration_id = $1", integrationId);
}

export async function hasRunUnderWay(on: Queryable, integrationId: string): Promise<boolean> {
  const underWay = "select from run where integration_id = $1 and status in ('queued', 'running')";
  return await exists(on, underWay, integrationId);
}

const fieldColumns = `entity, name, label, type, is_unique as "unique", mandatory, history, choices`;

const shownColumns = `last_run.id as "lastRunId", last_run.status as "lastRunStatus", last_run.finished_at as "lastRunFinishedAt",
  schedule.next_run_at as "nextRunAt"`;
const shownJoin = `left join lateral (
    select run.id, run.status, run.finished_at from run
    where run.integration_id = integration.id order by run.id desc limit 1
  ) last_run on true
  left join schedule on schedule.integration_id = integration.id`;

/** Reads once what every row is shown with. */
async function shownWith({ database, connectors, now }: ReadParts): Promise<(row: ShownIntegrationRow) => Integration> {
  const targetFields = targetFieldsOf(await listFieldDefinitions(database));
  const moment = now();
  return (row) => toIntegration({ row, manifest: connectors.get(row.connector), targetFields, now: moment });
}

async function countIntegrations(database: Database, wanted: ReturnType<typeof sql<boolean>>): Promise<number> {
  const { rows: counted } = await sql<{ total: number }>`
    select count(*)::int as total from integration where ${wanted}`.execute(database.kysely);
  return counted[0]?.total ?? 0;
}

async function exists(on: Queryable, query: string, id: string): Promise<boolean> {
  return (await one<{ found: boolean }>(on, `select exists (${query}) as found`, [id])).found;
}
