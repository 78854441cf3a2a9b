import { gapTable } from "@rollcall/core/connector/gaps.ts";
import { type ErrorFamily, errorFamilies, errorTable } from "@rollcall/core/errors.ts";
import { valueProblemTable } from "@rollcall/core/mapping/value-problems.ts";
import { recordOutcomeTable } from "@rollcall/core/reconcile/record-outcomes.ts";
import { markdownTable } from "./markdown-table.ts";

type CodeTable = Readonly<Record<string, { readonly meaning: string; readonly nextStep: string }>>;

/** docs/errors.md: every stable code that Rollcall shows, what it means and what to do about it. */
export function errorsPage(): string {
  return `${[
    "<!-- Generated from the code tables in core/src by `npm run generate`; do not edit. -->",
    "# Codes",
    "Every code is stable: programs may compare it. The texts beside it may be improved at any time.",
    "## Errors",
    "An error stops what was asked for. In the API it comes as `application/problem+json` with `code`, `detail`, `nextStep` and `requestId`; a run that fails keeps its code and message.",
    ...familiesInUse().flatMap(errorFamily),
    "## Gaps",
    "A gap says why a listing is not proven complete. New and changed records of the run are still applied; nobody is deactivated for absence.",
    codes(gapTable),
    "## Values that could not be used",
    "Each concerns one value of one vendor record and is listed with the run's errors.",
    codes(valueProblemTable),
    "## Records left alone",
    "The values of these records are fine; the run says why it did not write them.",
    codes(recordOutcomeTable),
  ].join("\n\n")}\n`;
}

function familiesInUse(): readonly ErrorFamily[] {
  const families = Object.keys(errorFamilies) as readonly ErrorFamily[];
  return families.filter((family) => Object.values(errorTable).some((entry) => entry.family === family));
}

function errorFamily(family: ErrorFamily): readonly string[] {
  const { acts, status } = errorFamilies[family];
  const entries = Object.entries(errorTable).filter(([, entry]) => entry.family === family);
  return [`### ${family}`, `Who acts: ${acts}. HTTP status: ${status}.`, codes(Object.fromEntries(entries))];
}

function codes(table: CodeTable): string {
  const rows = Object.entries(table).map(([code, { meaning, nextStep }]) => [`\`${code}\``, meaning, nextStep]);
  return markdownTable(["code", "meaning", "next step"], rows);
}
