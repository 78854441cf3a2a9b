import type { Run } from "@rollcall/core/contract/runs.ts";
import { type ErrorCode, errorTable, ProductError } from "@rollcall/core/errors.ts";

/** What a run's document says of the error that ended it: a coded one speaks for itself, of any other only the log tells. */
export function runErrorOf(error: unknown): NonNullable<Run["error"]> {
  const code: ErrorCode = error instanceof ProductError ? error.code : "internal.unexpected";
  const { meaning, nextStep } = errorTable[code];
  return { code, message: error instanceof ProductError ? error.message : meaning, nextStep };
}
