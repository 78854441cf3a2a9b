import type { Dispute } from "@rollcall/core/contract/disputes.ts";

/** What was answered, in words; empty while nothing is. */
export function answerWords({ answer, candidates }: Dispute): string {
  if (answer === null) return "";
  switch (answer.answer) {
    case "create":
      return "A new person";
    case "ignore":
      return "Ignore the record";
    case "link": {
      const person = candidates.find(({ personId }) => personId === answer.personId);
      return `It is ${person?.fullName ?? person?.email ?? `person ${answer.personId}`}`;
    }
  }
}
