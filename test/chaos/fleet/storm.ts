import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { maybeOne, rows } from "@rollcall/server/postgres/query.ts";
import type { Fleet } from "./fleet-processes.ts";
import { change, type Tenant } from "./fleet-tenants.ts";
import { pick, type Random, seeded } from "./seeded.ts";

export type StormParts = {
  readonly fleet: Fleet;
  readonly database: Database;
  readonly tenants: readonly Tenant[];
};

export type StormPlan = {
  readonly seed: number;
  /** The storm ends when both have been reached, and every schedule has fired. */
  readonly seconds: number;
  readonly kills: number;
  /** Mean pause between two kills; absent ones follow each other as soon as the killed process is back. */
  readonly killEverySeconds: number;
  /** How often one of the schedules is made due at once, since the shortest that it can be set to is a minute. */
  readonly dueEveryMilliseconds: number;
};

export type StormRecord = {
  /** The times that schedules were made due, by integration, in milliseconds since 1970. */
  readonly madeDue: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds from a dead worker's last sign of life to the next worker's first, as they were seen. */
  readonly takeOvers: readonly number[];
  readonly manual: { readonly started: number; readonly refused: number; readonly lost: number };
};

/** Work in plenty, people who come and go, and processes that are killed, all at once. */
export async function storm(parts: StormParts, plan: StormPlan): Promise<StormRecord> {
  const { fleet, database, tenants } = parts;
  // Each loop has numbers of its own, so that a seed gives the same kills whatever the others do.
  const own = (loop: number): Random => seeded(plan.seed + loop);
  const [kills, people, clock, hands] = [own(1), own(2), own(3), own(4)] as const;
  const since = performance.now();
  let over = false;
  const until = async (pause: () => number, turn: () => Promise<unknown>): Promise<void> => {
    while (!over) {
      await sleep(pause());
      if (!over) await turn();
    }
  };
  const madeDue = new Map<string, number[]>();
  const seen = watchTakeOvers(database);
  const manual = { started: 0, refused: 0, lost: 0 };
  const total = (): number => fleet.kills().server + fleet.kills().worker;
  const ended = async (): Promise<void> => {
    if (performance.now() - since < plan.seconds * 1_000 || total() < plan.kills) return;
    over = (await maybeOne(database, "select 1 from schedule where last_fired_at is null limit 1")) === undefined;
  };
  const loops = [
    until(() => 500, ended),
    until(() => 100, seen.look),
    until(
      () => 2 * plan.killEverySeconds * 1_000 * kills(),
      () => strike(fleet, kills),
    ),
    until(
      () => 200,
      async () => change(pick(people, tenants) ?? never(), people),
    ),
    until(
      () => plan.dueEveryMilliseconds,
      () => makeDue(parts, clock, madeDue),
    ),
    until(
      () => 2 * plan.dueEveryMilliseconds,
      async () => {
        const outcome = await startByHand(parts, hands);
        manual[outcome] += 1;
      },
    ),
    refuseForAWhile(parts, () => over),
  ];
  try {
    await Promise.all(loops);
  } finally {
    over = true;
    await Promise.allSettled(loops);
  }
  return { madeDue, takeOvers: seen.gaps, manual };
}

/** Mostly one worker; now and then a server, or all workers at once. */
async function strike(fleet: Fleet, random: Random): Promise<void> {
  const dice = random();
  if (dice < 0.15) await fleet.kill("server", random);
  else if (dice < 0.25) await fleet.killAll("worker");
  else await fleet.kill("worker", random);
}

async function makeDue(
  { database, tenants }: StormParts,
  random: Random,
  madeDue: Map<string, number[]>,
): Promise<void> {
  const { integrationId } = pick(random, tenants) ?? never();
  const made = await maybeOne<{ at: Date }>(
    database,
    `update schedule set next_run_at = date_trunc('milliseconds', clock_timestamp())
     where integration_id = $1 and next_run_at > clock_timestamp() returning next_run_at as at`,
    [integrationId],
  );
  if (made !== undefined) madeDue.set(integrationId, [...(madeDue.get(integrationId) ?? []), made.at.getTime()]);
}

async function startByHand({ fleet, tenants }: StormParts, random: Random): Promise<keyof StormRecord["manual"]> {
  const { integrationId } = pick(random, tenants) ?? never();
  let status: number;
  try {
    ({ status } = await fleet.call("POST", `/integrations/${integrationId}/runs`));
  } catch {
    // The server was killed while it answered: the run was started or it was not.
    return "lost";
  }
  if (status !== 202 && status !== 409) throw new Error(`A run could not be started: ${status}.`);
  return status === 202 ? "started" : "refused";
}

/** The first tenant's account answers 403 until a run of it has ended badly: there is something to tell people. */
async function refuseForAWhile({ database, tenants: [first = never()] }: StormParts, isOver: () => boolean) {
  const rule = {
    call: "members",
    account: first.account,
    count: "always",
    fault: { kind: "status", status: 403 },
  } as const;
  first.sandbox.addFaults([rule]);
  const bad = "select 1 from run where integration_id = $1 and status in ('failed', 'incomplete') limit 1";
  while (!isOver() && (await maybeOne(database, bad, [first.integrationId])) === undefined) await sleep(200);
  first.sandbox.clearFaults();
}

type Sighting = { readonly id: string; readonly attempt: number; readonly heartbeatAt: Date };

function watchTakeOvers(database: Database): { readonly look: () => Promise<void>; readonly gaps: number[] } {
  const last = new Map<string, Sighting>();
  const gaps: number[] = [];
  const text = `select id, attempt, heartbeat_at as "heartbeatAt" from run where status = 'running'`;
  return {
    gaps,
    look: async () => {
      for (const now of await rows<Sighting>(database, text)) {
        const before = last.get(now.id);
        if (before !== undefined && now.attempt > before.attempt)
          gaps.push(now.heartbeatAt.getTime() - before.heartbeatAt.getTime());
        last.set(now.id, now);
      }
    },
  };
}

function never(): never {
  throw new Error("The fleet has no tenants.");
}
