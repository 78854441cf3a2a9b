import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { failureOf, writeFailure } from "./failure.ts";
import { openSession, type Surroundings } from "./session.ts";

/** Runs one command to its end and gives the exit code; nothing is thrown. */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const session = openSession(surroundings, words.includes("--json"));
  const program = createProgram(session);
  try {
    await program.parseAsync(words, { from: "user" });
    return session.exitCode();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    // Commander has printed the help of a noun without a verb.
    if (error instanceof CommanderError && error.code === "commander.help") return exitCodes.wrongUse;
    const failure = failureOf(error);
    writeFailure(failure, session.out);
    return failure.exitCode;
  }
}
