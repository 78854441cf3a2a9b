import type { Queryable } from "../postgres/database.ts";

/**
 * Names of a run's own tables. Each run has tables of its own instead of partitions of one, so that creating and dropping
 * them never waits for another run. They are unlogged: a crash of the database empties them, which a resuming run notices
 * by their row count and then fetches anew.
 */
export type StageTables = {
  /**
   * What was fetched and mapped, a row a record. `outcome`: m mapped, f filtered, r rejected, d a key with different values, c a
   * copy of another row; `activity`: a active, i inactive, u unknown. Values are null where the link's content hash already says that nothing
   * changed.
   */
  readonly record: string;
  /** Rows of streams that are joined to the records, such as site memberships. */
  readonly joined: string;
  /** Keys whose unique value another record has too. */
  readonly sharing: string;
  /** Records that are not simply unchanged, beside what is known of them. */
  readonly work: string;
  /** The plan before it is saved as changes. */
  readonly plan: string;
};

/** @param runId a UUID; its hexadecimal digits become part of the names */
export function stageTables(runId: string): StageTables {
  const digits = runId.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new Error(`not a run id: ${runId}`);
  const name = (table: string) => `stage.${table}_${digits}`;
  return {
    record: name("record"),
    joined: name("joined"),
    sharing: name("sharing"),
    work: name("work"),
    plan: name("plan"),
  };
}

/** Makes the tables that fetching fills, empty. */
export async function createStage(on: Queryable, tables: StageTables): Promise<void> {
  await dropStage(on, tables);
  await on.query(`
    create unlogged table ${tables.record} (
      key text not null,
      listing integer not null,
      outcome "char" not null,
      activity "char" not null,
      person jsonb,
      saas jsonb,
      uniques text[] not null,
      hash bytea
    ) with (autovacuum_enabled = false);
    create unlogged table ${tables.joined} (
      listing integer not null,
      key text not null,
      join_name text,
      user_key text not null,
      value jsonb not null
    ) with (autovacuum_enabled = false);
    create index on ${tables.joined} (user_key)`);
}

/**
 * An index on a filled table's keys, and its statistics. Links of an integration that is new beside a million others look like none to
 * the planner, and it then reads such a table from one end to the other for each of them; with the index it costs little to be wrong.
 */
export async function indexKeys(on: Queryable, table: string): Promise<void> {
  await on.query(`create index if not exists ${table.replace("stage.", "")}_key on ${table} (key); analyze ${table}`);
}

export async function dropStage(on: Queryable, tables: StageTables): Promise<void> {
  await on.query(`drop table if exists ${Object.values(tables).join(", ")}`);
}

/** Whether fetching's tables exist: false once a run is finished, or before it began. */
export async function stageExists(on: Queryable, tables: StageTables): Promise<boolean> {
  const { rows } = await on.query<{ found: boolean }>("select to_regclass($1) is not null as found", [tables.record]);
  return rows[0]?.found ?? false;
}

/** Whether the stage still holds what a checkpoint claims; a crash of the database empties it. */
export async function stageHolds(
  on: Queryable,
  tables: StageTables,
  claimed: { readonly records: number; readonly joined: number },
): Promise<boolean> {
  if (!(await stageExists(on, tables))) return false;
  const { rows } = await on.query<{ records: number; joined: number }>(
    `select (select count(*) from ${tables.record})::integer as records, (select count(*) from ${tables.joined})::integer as joined`,
  );
  return rows[0]?.records === claimed.records && rows[0].joined === claimed.joined;
}
