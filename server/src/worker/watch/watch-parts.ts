import type { Database } from "../../postgres/database.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import type { Lasting } from "./lasting.ts";

export type WatchParts = {
  readonly database: Database;
  readonly queue: RunQueue;
  readonly now: () => Date;
  readonly lasting: Lasting;
};
