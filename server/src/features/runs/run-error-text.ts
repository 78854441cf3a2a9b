import { gapTable } from "@rollcall/core/connector/gaps.ts";
import { errorTable } from "@rollcall/core/errors.ts";
import { valueProblemTable } from "@rollcall/core/mapping/value-problems.ts";
import { recordOutcomeTable } from "@rollcall/core/reconcile/record-outcomes.ts";

type CodeText = { readonly meaning: string; readonly nextStep: string };

/** Every code that a run's error list can hold. */
const texts: ReadonlyMap<string, CodeText> = new Map(
  [valueProblemTable, recordOutcomeTable, gapTable, errorTable].flatMap((table): [string, CodeText][] =>
    Object.entries(table),
  ),
);

/** The sentences of a code, and what to do; a code that this program does not know came from a newer one. */
export function runErrorText(code: string): CodeText {
  return (
    texts.get(code) ?? {
      meaning: `This version does not know the code ${code}.`,
      nextStep: "Look the code up in the documentation of the version that ran it.",
    }
  );
}
