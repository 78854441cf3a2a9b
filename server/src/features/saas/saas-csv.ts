import type { removalCandidateSchema, SaasUser } from "@rollcall/core/contract/saas.ts";
import type { z } from "zod";
import type { CsvColumn } from "../export/csv-export.ts";

/** The columns of the export of an application's users. */
export function saasUserCsvColumns(customFields: readonly string[]): readonly CsvColumn<SaasUser>[] {
  return [
    { name: "id", value: ({ id }) => id },
    { name: "externalId", value: ({ externalId }) => externalId },
    { name: "personId", value: ({ personId }) => personId },
    { name: "name", value: ({ name }) => name },
    { name: "email", value: ({ email }) => email },
    { name: "role", value: ({ role }) => role },
    { name: "lastActivityKnown", value: ({ lastActivity }) => lastActivity.known },
    { name: "lastActivity", value: ({ lastActivity }) => lastActivity.at },
    { name: "status", value: ({ status }) => status },
    { name: "deactivatedReason", value: ({ deactivatedReason }) => deactivatedReason },
    ...customFields.map((name) => ({ name, value: ({ attributes }: SaasUser) => attributes[name] ?? null })),
    { name: "integration", value: ({ integrationName }) => integrationName },
  ];
}

export const removalCsvColumns: readonly CsvColumn<z.infer<typeof removalCandidateSchema>>[] = [
  { name: "saasUserId", value: ({ saasUserId }) => saasUserId },
  { name: "personId", value: ({ personId }) => personId },
  { name: "name", value: ({ name }) => name },
  { name: "email", value: ({ email }) => email },
  { name: "role", value: ({ role }) => role },
  { name: "reason", value: ({ reason }) => reason },
  { name: "lastActivity", value: ({ lastActivity }) => lastActivity.at },
  { name: "monthlyCost", value: ({ monthlyCost }) => monthlyCost },
];
