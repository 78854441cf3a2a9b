import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { MappingPreview } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { CompiledMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import type { Filter } from "@rollcall/core/mapping/filter-schema.ts";
import { mapRecord } from "@rollcall/core/mapping/map-record.ts";
import type { FieldValueProblem, MapOutcome, Mapping, TargetValue } from "@rollcall/core/mapping/mapping-schema.ts";
import { type CompiledSource, sourceFromPath, sourceFromPointer } from "@rollcall/core/mapping/source.ts";
import { connectorOf } from "./check-settings.ts";
import { compileSettings } from "./compile-settings.ts";
import type { ConnectorCatalog } from "./connector-catalog.ts";
import { integrationById } from "./find-integration.ts";
import { targetFieldsOf } from "./integration-fields.ts";
import { listFieldDefinitions } from "./integration-queries.ts";
import type { IntegrationRow } from "./integration-row.ts";
import { problemsError } from "./refuse-problems.ts";
import type { TestParts } from "./test-integration.ts";

type PreviewParts = TestParts & { readonly connectors: ConnectorCatalog };

/** A mapping or filter to look at before it is saved; absent means the one that is. */
type PreviewRequest = { readonly mapping?: Mapping | undefined; readonly filter?: Filter | undefined };

/** How many records are fetched to count who passes the filter, and how many of them are shown. */
const sampleSize = 100;
const shownSize = 10;

/**
 * Real records of the vendor through a mapping, with the errors by field. Nothing is written.
 *
 * @throws ProductError `integration.not_found`, `integration.not_ready`, `request.invalid`, `vendor.…`
 */
export async function previewMapping(
  parts: PreviewParts,
  id: string,
  { mapping, filter }: PreviewRequest,
  signal: AbortSignal,
): Promise<MappingPreview> {
  const saved = await integrationById(parts.database, id);
  const row = { ...saved, mapping: mapping ?? saved.mapping, filter: filter ?? saved.filter };
  const manifest = connectorOf(parts.connectors, row.connector);
  const compiled = compileSettings(manifest, targetFieldsOf(await listFieldDefinitions(parts.database)), row);
  if (compiled.kind === "invalid") {
    throw problemsError(compiled.problems);
  }
  refuseUnreachable(row);
  const { fetchedAt, records } = await parts.vendor.sampleRecords(row.id, sampleSize, signal);
  const context = { now: parts.now().toISOString() };
  const outcomes = records.map((record) => mapRecord(compiled.compiled, record, context));
  const tracking = trackingValues(compiled.compiled, row, fetchedAt);
  const sources = namedSources(manifest, row.mapping);
  return {
    fetchedAt: fetchedAt.toISOString(),
    fetched: records.length,
    passing: outcomes.filter(({ kind }) => kind !== "filtered").length,
    records: outcomes.slice(0, shownSize).map((outcome, index) => ({
      key: outcome.key,
      outcome: outcome.kind,
      source: Object.fromEntries(sources.map(({ name, read }) => [name, read(records[index]) ?? null])),
      ...mappedValues(outcome, tracking),
      problems: problemsOf(outcome).map(explain),
    })),
  };
}

function refuseUnreachable({ name, installation, credentialId }: IntegrationRow): void {
  if (installation === "local" || credentialId === null) {
    const message =
      installation === "local"
        ? "The credential is on the machine of the runner."
        : "The integration has no credential.";
    throw new ProductError(
      "integration.not_ready",
      `Records of integration ${name} cannot be fetched here. ${message}`,
      {
        problems: [{ pointer: "/credentialId", message }],
      },
    );
  }
}

/** Everything that can be mapped, by name: the connector's fields and the custom ones. */
function namedSources(manifest: Manifest, mapping: Mapping): readonly CompiledSource[] {
  const found = [
    ...manifest.fields.map(({ id, path }) => sourceFromPointer(id, path)),
    ...mapping.customFields.map(({ name, path }) => sourceFromPath(name, path)),
  ];
  return found.flatMap((each) => (each.kind === "ok" ? [each.source] : []));
}

type Tracking = Readonly<Record<"person" | "saas", Readonly<Record<string, TargetValue>>>>;

/** What the fields derived from a run would show, had this been one. */
function trackingValues({ tracking }: CompiledMapping, { credentialName }: IntegrationRow, fetchedAt: Date): Tracking {
  const values = tracking.map(({ target, source }) => ({
    target,
    value: source === "connect.credentials" ? credentialName : fetchedAt.toISOString(),
  }));
  const saas = values.filter(({ target }) => target.startsWith("saas."));
  return {
    person: Object.fromEntries(
      values.filter((each) => !saas.includes(each)).map(({ target, value }) => [target, value]),
    ),
    saas: Object.fromEntries(saas.map(({ target, value }) => [target.slice("saas.".length), value])),
  };
}

function mappedValues(outcome: MapOutcome, tracking: Tracking) {
  return outcome.kind === "mapped"
    ? { person: { ...outcome.person, ...tracking.person }, saas: { ...outcome.saas, ...tracking.saas } }
    : { person: {}, saas: {} };
}

function problemsOf(outcome: MapOutcome): readonly FieldValueProblem[] {
  switch (outcome.kind) {
    case "mapped":
      return [...outcome.problems, ...(outcome.notCreatable ?? [])];
    case "filtered":
      return [];
    case "rejected":
      return [outcome.problem, ...outcome.others];
  }
}

function explain({ code, target, source, expected, found }: FieldValueProblem) {
  return { code, target, source, message: `Expected ${expected}; found ${found}.` };
}
