import { ProductError } from "@rollcall/core/errors.ts";
import { loadConfig } from "./config/config.ts";
import { loadSecrets } from "./config/secrets.ts";
import { createLogger } from "./http/logger.ts";
import { startRollcall } from "./start-rollcall.ts";

/** The process: environment in, signals in, one calm line on the terminal, exit code out. */

const shutdownMilliseconds = 20_000;

try {
  const config = loadConfig(process.env);
  const log = createLogger(config.logLevel);
  const stop = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.resolve(signal));
  // Started by another program that is gone: nobody would stop this one.
  if (process.channel !== undefined) process.once("disconnect", () => stop.resolve("disconnect"));

  const rollcall = await startRollcall({ config, secrets: loadSecrets(process.env), log, runThread: true });
  if (rollcall.url !== null) console.log(`Rollcall is ready at ${rollcall.url}`);
  else console.log("Rollcall's worker is ready.");
  if (rollcall.startLink !== null) console.log(`First start: open ${rollcall.startLink}`);
  process.send?.({ ready: true, url: rollcall.url, startLink: rollcall.startLink });

  log.info({ reason: await stop.promise }, "Stopping.");
  setTimeout(() => process.exit(1), shutdownMilliseconds).unref();
  await rollcall[Symbol.asyncDispose]();
  // The channel to a program that started this one would keep the process alive.
  if (process.connected) process.disconnect();
} catch (error) {
  if (error instanceof ProductError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
