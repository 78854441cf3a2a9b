import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { createLogger } from "./http/logger.ts";
import { startRollcall } from "./start-rollcall.ts";
import type { RunThreadData } from "./start-run-thread.ts";

/** The thread that works on runs (start-run-thread.ts). It hears what it needs when it starts; any message tells it to stop. */

const stop = new Promise((resolve) => parentPort?.once("message", resolve));
stepBack();
const { config, secrets, ownDatabase }: RunThreadData = workerData;
const worker = await startRollcall({
  config,
  secrets,
  log: createLogger(config.logLevel),
  ...(ownDatabase === undefined ? {} : { ownDatabase }),
});
await stop;
await worker[Symbol.asyncDispose]();

/** On Linux 0 is this thread (setpriority(2), "C library/kernel differences"); elsewhere it would be the process, which answers people. */
function stepBack(): void {
  if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}
