import { ProductError } from "@rollcall/core/errors.ts";

/** The command was not written as it must be: exit code 2. */
export function wrongUse(message: string): ProductError {
  return new ProductError("cli.wrong_use", message);
}
