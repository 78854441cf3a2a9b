import { type CompiledMapping, compileMapping, type MappingInput } from "./compile-mapping.ts";
import { type Filter, filterSchema } from "./filter-schema.ts";
import { type MapOutcome, mappingSchema, type SourceField, type TargetField } from "./mapping-schema.ts";

/** Factories for tests: a small vendor and a small inventory, of which a test changes what it is about. */

export const sourceFields: readonly SourceField[] = [
  { id: "email", label: "Email", path: "/email" },
  { id: "locale", label: "Locale", path: "/locale" },
  { id: "name", label: "Name", path: "/name" },
  { id: "timeZone", label: "Time Zone", path: "/timezone" },
  { id: "userId", label: "User Id", path: "/id" },
  { id: "verified", label: "Verified", path: "/verified" },
  { id: "verifiedTime", label: "Verified Time", path: "/verified_time" },
  { id: "siteRole", label: "Site role", path: "/memberships/0/role" },
];

export function aTargetField(field: Partial<TargetField> & { readonly name: string }): TargetField {
  return { label: field.name, type: "short-text", unique: false, mandatory: false, ...field };
}

export const targetFields: readonly TargetField[] = [
  aTargetField({ name: "username", label: "Username", unique: true, mandatory: true }),
  aTargetField({ name: "email", label: "Email", unique: true, mandatory: true }),
  aTargetField({ name: "role", label: "Role", mandatory: true }),
  aTargetField({ name: "fullName", label: "Full name" }),
  aTargetField({ name: "locale", label: "Locale" }),
  aTargetField({ name: "timeZone", label: "Time zone" }),
  aTargetField({ name: "seats", label: "Seats", type: "number" }),
  aTargetField({ name: "syncTime", label: "Sync time", type: "date-time" }),
  aTargetField({ name: "saas.role", label: "Role" }),
  aTargetField({ name: "saas.lastActivity", label: "Last activity", type: "date-time" }),
  aTargetField({ name: "saas.verified", label: "Verified", type: "yes-no" }),
];

export const essentialRules = [
  { source: "email", target: "email", syncKey: 1 },
  { source: "email", target: "username" },
  { source: '{{"User"}}', target: "role" },
];

type InputChanges = Partial<Omit<MappingInput, "mapping" | "filter">> & {
  readonly rules?: readonly unknown[];
  readonly customFields?: readonly unknown[];
  readonly filter?: unknown;
};

export function aMappingInput({ rules, customFields, filter, ...changes }: InputChanges = {}): MappingInput {
  return {
    mapping: mappingSchema.parse({ rules: rules ?? essentialRules, customFields: customFields ?? [] }),
    filter: filterSchema.parse(filter ?? {}),
    sourceFields,
    targetFields,
    activity: { kind: "none" },
    keyPath: "/id",
    mode: "user-plus-saas",
    ...changes,
  };
}

export function aCompiledMapping(changes: InputChanges = {}): CompiledMapping {
  const result = compileMapping(aMappingInput(changes));
  if (result.kind === "invalid") throw new Error(result.problems.map((p) => `${p.pointer}: ${p.message}`).join("\n"));
  return result.compiled;
}

export function anIfFilter(rules: Filter["rules"]): Filter {
  return { mode: "if", rules, restoreArchived: false };
}

export function mapped(outcome: MapOutcome): Extract<MapOutcome, { kind: "mapped" }> {
  if (outcome.kind !== "mapped") throw new Error(`expected a mapped record, got ${JSON.stringify(outcome)}`);
  return outcome;
}
