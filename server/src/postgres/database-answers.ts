import type { Database } from "./database.ts";
import { one } from "./query.ts";

/** @throws ProductError `database.unreachable`, `database.cannot_start` */
export async function databaseAnswers(database: Database): Promise<void> {
  await one(database, "select 1 as answer");
}
