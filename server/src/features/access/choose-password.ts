import { passwordProblem } from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { hashPassword } from "./password-hash.ts";

/**
 * The hash of a password that somebody chose for themselves.
 *
 * @throws ProductError `request.invalid` at `pointer` when it is too easy to guess
 */
export async function choosePassword(password: string, email: string | null, pointer: string): Promise<string> {
  const problem = passwordProblem(password, email);
  if (problem !== undefined) {
    throw new ProductError("request.invalid", `The password ${problem}.`, {
      problems: [{ pointer, message: problem }],
    });
  }
  return await hashPassword(password);
}
