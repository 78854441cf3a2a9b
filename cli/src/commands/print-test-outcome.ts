import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/text.ts";

/** What the vendor answered; exit code 1 when it refused. */
export function printTestOutcome({ out, endWith }: Session, outcome: TestOutcome): void {
  const { ok, message, nextStep } = outcome;
  out.result(outcome, () => {
    const verdict = ok ? out.paint("ok", "green") : out.paint("fails", "red");
    return [`${verdict}  ${printable(message)}`, ...(nextStep === null ? [] : [printable(nextStep)])].join("\n");
  });
  if (!ok) endWith(exitCodes.failed);
}
