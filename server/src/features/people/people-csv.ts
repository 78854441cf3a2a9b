import type { Person } from "@rollcall/core/contract/people.ts";
import type { CsvColumn } from "../export/csv-export.ts";

const builtIn = [
  "id",
  "username",
  "email",
  "fullName",
  "firstName",
  "lastName",
  "role",
  "locale",
  "timeZone",
  "status",
  "statusReason",
] as const satisfies readonly (keyof Person)[];

/** The columns of the export: the built-in fields, the custom ones, the integrations. */
export function peopleColumns(customFields: readonly string[]): readonly CsvColumn<Person>[] {
  return [
    ...builtIn.map((name) => ({ name, value: (person: Person) => person[name] })),
    ...customFields.map((name) => ({ name, value: (person: Person) => person.attributes[name] ?? null })),
    { name: "integrations", value: ({ integrations }) => integrations.map(({ name }) => name).join("; ") },
    { name: "createdAt", value: ({ createdAt }) => createdAt },
    { name: "updatedAt", value: ({ updatedAt }) => updatedAt },
  ];
}
