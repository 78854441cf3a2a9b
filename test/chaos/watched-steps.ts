import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";

/**
 * Every write of a run to the database is a step. Triggers, which this test adds to its own database, name each one and can stop a
 * run in the middle of the one that is wanted, before its transaction is committed; the product knows nothing of it.
 */
export type WatchedSteps = AsyncDisposable & {
  /** Takes the triggers away again, and gives the session back if there still is one. */
  readonly end: () => Promise<void>;
  /** Names of the steps that an integration's runs have taken and committed since the last look, in order. */
  readonly taken: (integrationId: string) => Promise<readonly string[]>;
  /** Has the integration's next run stop in the `nth` step of this name. */
  readonly stopAt: (integrationId: string, step: KillPoint) => Promise<void>;
  /** Waits until all of these integrations' runs stand still where they were told to, and returns those that ended without. */
  readonly reached: (integrationIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Lets everybody go on; nobody is stopped any more. */
  readonly release: () => Promise<void>;
};

export type KillPoint = { readonly step: string; readonly nth: number };

export async function watchSteps(database: Database): Promise<WatchedSteps> {
  await database.query(setUp);
  // Whoever is to stop asks for an advisory lock that this session has.
  const gates = await database.pool.connect();
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await gates.query("select pg_advisory_unlock_all()").catch(() => undefined);
    // The session may have died with its server; the pool must not use it again.
    gates.release(true);
    await database.query("drop schema chaos cascade");
  };
  const seen = new Map<string, string>();
  return {
    taken: async (integrationId) => {
      const found = await rows<{ id: string; step: string }>(
        database,
        "select id, step from chaos.step where integration_id = $1 and id > $2 order by id",
        [integrationId, seen.get(integrationId) ?? "0"],
      );
      seen.set(integrationId, found.at(-1)?.id ?? seen.get(integrationId) ?? "0");
      return found.map(({ step }) => step);
    },
    stopAt: async (integrationId, { step, nth }) => {
      const { gate } = await one<{ gate: string }>(
        database,
        `insert into chaos.target (integration_id, step, nth, since)
         select $1, $2, $3, coalesce(max(id), 0) from chaos.step returning gate`,
        [integrationId, step, nth],
      );
      await gates.query("select pg_advisory_lock($1)", [gate]);
    },
    reached: async (integrationIds) => {
      for (;;) {
        const { waiting, ended } = await one<{ waiting: number; ended: readonly string[] }>(
          database,
          `select count(distinct t.integration_id)::integer as waiting, array(
             select i.id from unnest($1::uuid[]) i (id)
             where (select finished_at from run r where r.integration_id = i.id order by r.id desc limit 1) is not null) as ended
           from chaos.target t
           join pg_locks l on l.locktype = 'advisory' and not l.granted
             and ((l.classid::bigint << 32) | l.objid::bigint) = t.gate
             and l.database = (select oid from pg_database where datname = current_database())
           where t.integration_id = any($1)`,
          [integrationIds],
        );
        if (waiting + ended.length === integrationIds.length) return new Set(ended);
        await sleep(50);
      }
    },
    release: async () => {
      await database.query("delete from chaos.target");
      await gates.query("select pg_advisory_unlock_all()");
    },
    end,
    [Symbol.asyncDispose]: end,
  };
}

/** Waits until no other session works: what the sessions of killed processes still had under way is over. */
export async function untilQuiet(database: Database): Promise<void> {
  for (;;) {
    const { busy } = await one<{ busy: number }>(
      database,
      `select count(*)::integer as busy from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name in ('rollcall', 'rollcall-runs') and state <> 'idle'`,
    );
    if (busy === 0) return;
    await sleep(25);
  }
}

type Watched = {
  readonly table: string;
  readonly events: readonly ("insert" | "update" | "delete")[];
  /** SQL for the integration that the written `rows` belong to. */
  readonly integration: string;
};

const ofPerson = (person: string): string =>
  `(select c.integration_id from change c where c.person_id = (select ${person} from rows limit 1) order by c.id desc limit 1)`;

const watched: readonly Watched[] = [
  { table: "change", events: ["insert", "delete"], integration: "(select integration_id from rows limit 1)" },
  {
    table: "run_error",
    events: ["insert", "delete"],
    integration: "(select r.integration_id from rows x join run r on r.id = x.run_id limit 1)",
  },
  { table: "dispute", events: ["insert", "delete"], integration: "(select integration_id from rows limit 1)" },
  { table: "person", events: ["insert", "update"], integration: ofPerson("id") },
  { table: "saas_user", events: ["insert", "update"], integration: ofPerson("person_id") },
  { table: "link", events: ["insert", "update", "delete"], integration: "(select integration_id from rows limit 1)" },
  { table: "integration", events: ["update"], integration: "(select id from rows limit 1)" },
  {
    table: "alarm",
    events: ["insert", "update"],
    integration: "(select subject_id::uuid from rows where subject = 'integration' limit 1)",
  },
  { table: "message", events: ["insert"], integration: "(select integration_id from rows limit 1)" },
  {
    table: "notification",
    events: ["insert"],
    integration: "(select m.integration_id from rows x join message m on m.id = x.message_id limit 1)",
  },
];

const setUp = `
  create schema chaos;
  create table chaos.step (id bigint generated always as identity primary key, integration_id uuid, step text);
  create table chaos.target (
    integration_id uuid primary key, step text, nth integer, since bigint, gate bigint generated always as identity (start 9000));
  create function chaos.take(integration uuid, name text) returns void language plpgsql as $$
  declare
    target chaos.target;
  begin
    insert into chaos.step (integration_id, step) values (integration, name);
    select * into target from chaos.target t where t.integration_id = integration and t.step = name;
    if target.nth = (select count(*) from chaos.step s
                     where s.integration_id = integration and s.step = name and s.id > target.since) then
      perform pg_advisory_xact_lock_shared(target.gate);
    end if;
  end $$;
  create function chaos.run_moved() returns trigger language plpgsql as $$
  begin
    perform chaos.take(new.integration_id, 'run: ' || new.stage || ', ' || new.status || ', plan ' || new.plan);
    return null;
  end $$;
  create trigger chaos after update on run for each row
    when ((old.stage, old.status, old.lease, old.plan) is distinct from (new.stage, new.status, new.lease, new.plan)
          or old.checkpoint is distinct from new.checkpoint)
    execute function chaos.run_moved();
  ${watched.map(triggersOn).join("")}`;

function triggersOn({ table, events, integration }: Watched): string {
  return `
  create function chaos.${table}_written() returns trigger language plpgsql as $$
  declare
    integration uuid := ${integration};
  begin
    if integration is not null then perform chaos.take(integration, '${table}: ' || lower(tg_op)); end if;
    return null;
  end $$;
  ${events
    .map(
      (event) => `create trigger chaos_${event} after ${event} on ${table}
    referencing ${event === "delete" ? "old" : "new"} table as rows
    for each statement execute function chaos.${table}_written();`,
    )
    .join("\n  ")}`;
}
