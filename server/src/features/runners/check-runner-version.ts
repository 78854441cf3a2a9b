import { runnerContract, runnerContractHeader } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyRequest } from "fastify";
import { programVersion } from "./program-version.ts";

/**
 * Refuses a runner that speaks another version of these calls, before anything it says is looked at.
 *
 * @throws ProductError `runner.other_version`, naming which side is behind; `request.invalid` for a caller that is no runner
 */
export function checkRunnerVersion({ headers }: FastifyRequest): void {
  const given = headers[runnerContractHeader];
  if (given === String(runnerContract)) {
    return;
  }
  if (typeof given !== "string" || !/^\d{1,9}$/.test(given)) {
    throw new ProductError("request.invalid", `Runners send the header ${runnerContractHeader}: ${runnerContract}.`, {
      problems: [{ pointer: "", message: `lacks the header ${runnerContractHeader}` }],
    });
  }
  const behind = Number(given) < runnerContract ? "the runner is older" : "the server is older";
  throw new ProductError(
    "runner.other_version",
    `The runner speaks version ${given} of these calls and this server (Rollcall ${programVersion}) version ${runnerContract}: ${behind}. Install the rollcall of Rollcall ${programVersion} on the runner's machine, or update the server.`,
    { details: { server: runnerContract, runner: Number(given), serverVersion: programVersion } },
  );
}
