import type { Database } from "@rollcall/server/postgres/database.ts";
import type { PoolClient } from "pg";

/** A statement and the step of its plan that handled most rows, those that it only looked at included. */
export type Worked = { readonly statement: string; readonly step: string; readonly rows: number };

/** Hears of every statement of a database what it really did, until it is stopped. Needs a superuser. */
export function watchWork(database: Database): { readonly heard: readonly Worked[]; readonly stop: () => void } {
  const heard: Worked[] = [];
  const watched = new Map<PoolClient, (notice: { message: string | undefined }) => void>();
  const watch = (client: PoolClient): void => {
    if (watched.has(client)) return;
    const hear = ({ message = "" }: { message: string | undefined }): void => {
      const [, document] = /^duration: [\d.]+ ms {2}plan:\n(.*)$/s.exec(message) ?? [];
      if (document !== undefined) heard.push(workedOf(JSON.parse(document) as Explained));
    };
    watched.set(client, hear);
    client.on("notice", hear);
    // Goes before what the connection was taken for; where it fails, nothing is heard.
    void client.query(explainEverything).catch(() => undefined);
  };
  database.pool.on("acquire", watch);
  const stop = (): void => {
    database.pool.off("acquire", watch);
    for (const [client, hear] of watched) client.off("notice", hear);
  };
  return { heard, stop };
}

/** PostgreSQL documentation, appendix F, auto_explain. */
const explainEverything = `
  load 'auto_explain';
  set auto_explain.log_min_duration = 0;
  set auto_explain.log_analyze = on;
  set auto_explain.log_timing = off;
  set auto_explain.log_nested_statements = on;
  set auto_explain.log_format = json;
  set auto_explain.log_level = notice`;

type Explained = { readonly "Query Text": string; readonly Plan: Step };

type Step = {
  readonly "Node Type": string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly Step[];
};

function workedOf({ "Query Text": statement, Plan }: Explained): Worked {
  const most = stepsOf(Plan).reduce((one, other) => (rowsOf(other) > rowsOf(one) ? other : one));
  return { statement, step: most["Node Type"], rows: rowsOf(most) };
}

function stepsOf(step: Step): readonly Step[] {
  return [step, ...(step.Plans ?? []).flatMap(stepsOf)];
}

/** PostgreSQL says rows as the average of a step's loops. */
function rowsOf(step: Step): number {
  const once =
    step["Actual Rows"] +
    (step["Rows Removed by Filter"] ?? 0) +
    (step["Rows Removed by Join Filter"] ?? 0) +
    (step["Rows Removed by Index Recheck"] ?? 0);
  return Math.round(once * step["Actual Loops"]);
}
