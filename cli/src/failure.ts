import { errorTable, ProductError } from "@rollcall/core/errors.ts";
import { CommanderError } from "commander";
import { ApiRefusal } from "./api/api-refusal.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Output } from "./terminal/output.ts";
import { printable } from "./terminal/text.ts";

/** A command's end that is not the wished one, as it is shown. */
type Failure = {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
  readonly requestId?: string;
};

/** Tells any error as the person at the terminal needs it: what is wrong and what to do. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiRefusal) return refusal(error);
  if (error instanceof ProductError) {
    const { code, message, problems: errors } = error;
    const exitCode = code === "cli.wrong_use" ? exitCodes.wrongUse : exitCodes.failed;
    return { exitCode, code, message, nextStep: errorTable[code].nextStep, errors };
  }
  if (error instanceof CommanderError) {
    return {
      exitCode: exitCodes.wrongUse,
      code: "cli.wrong_use",
      message: sentence(error.message.replace(/^error: /, "")),
      nextStep: errorTable["cli.wrong_use"].nextStep,
      errors: [],
    };
  }
  return {
    exitCode: exitCodes.failed,
    code: "internal.unexpected",
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    nextStep: "This is a defect of the command line; report it with what you did.",
    errors: [],
  };
}

/** Writes a failure to the error output: lines for people, one JSON object `{"error": …}` with --json. */
export function writeFailure({ exitCode: _exitCode, ...failure }: Failure, out: Output): void {
  if (out.json) {
    out.note(JSON.stringify({ error: failure }));
    return;
  }
  out.note(printable(failure.message, { lines: true }));
  for (const { pointer, message } of failure.errors) {
    out.note(`  ${printable(fieldName(pointer))}: ${printable(message)}`);
  }
  out.note(printable(failure.nextStep));
  if (failure.code === "internal.unexpected" && failure.requestId !== undefined) {
    out.note(`Request ${printable(failure.requestId)}`);
  }
}

// A request that the server calls wrong was written on the command line.
function refusal({ problem }: ApiRefusal): Failure {
  const { status, code, detail, nextStep, errors, requestId } = problem;
  return {
    exitCode: status === 400 ? exitCodes.wrongUse : exitCodes.failed,
    code,
    message: detail,
    nextStep: code === "access.unauthenticated" ? errorTable["cli.not_signed_in"].nextStep : nextStep,
    errors,
    requestId,
  };
}

/** `/values/clientId` as `values.clientId`. */
function fieldName(pointer: string): string {
  const names = pointer.split("/").slice(1);
  return names.length === 0 ? "the document" : names.map((name) => name.replaceAll("~1", "/")).join(".");
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.?!)]$/.test(trimmed) ? "" : "."}`;
}
