import { type JoinedRow, joinRecord } from "@rollcall/core/connector/join-records.ts";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { planStreams } from "@rollcall/core/connector/plan-streams.ts";
import { readInputs } from "@rollcall/core/connector/read-inputs.ts";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { errorTable, ProductError } from "@rollcall/core/errors.ts";
import { newReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import { readStreams } from "@rollcall/vendor-http/read-streams.ts";
import { loadRunSettings } from "../features/integrations/integration-queries.ts";
import type { VendorProbe } from "../features/integrations/vendor-probe.ts";
import { openVendorSession, type VendorSession } from "./open-vendor-session.ts";
import type { SyncParts } from "./sync-parts.ts";

/** What features may ask of a vendor without a run. */
export function vendorProbe(parts: SyncParts): VendorProbe {
  return {
    testCredential: ({ connector, credentialId, inputs }) =>
      outcomeOf(parts, async () => {
        if (connector === null) {
          throw new ProductError(
            "vendor.bad_request",
            "This credential is not used by an integration yet, so there is no vendor to try it with. Test it from an integration.",
          );
        }
        return tryFirstPage(parts, connector, credentialId, inputs, AbortSignal.timeout(testMilliseconds));
      }),
    testIntegration: (integrationId, signal) =>
      outcomeOf(parts, async () => {
        const { manifest, inputs, credentialId } = await settingsOf(parts, integrationId);
        return tryFirstPage(
          parts,
          manifest,
          credentialId,
          inputs,
          AbortSignal.any([signal, AbortSignal.timeout(testMilliseconds)]),
        );
      }),
    sampleRecords: async (integrationId, limit, signal) => {
      const { manifest, inputs, credentialId } = await settingsOf(parts, integrationId);
      await using session = await openVendorSession(parts, manifest, inputs, credentialId);
      return { fetchedAt: parts.now(), records: await readSample(session, manifest, inputs, limit, signal) };
    },
  };
}

const testMilliseconds = 60_000;
/** Pages of every stream that a sample reads at most; roles of a large account are then those of its first sites only. */
const samplePages = 20;

async function tryFirstPage(
  parts: SyncParts,
  manifest: Manifest,
  credentialId: string,
  entered: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<string> {
  const read = readInputs(manifest, entered);
  if (read.kind === "invalid") {
    throw new ProductError("vendor.bad_request", read.problems.map((problem) => problem.message).join(" "));
  }
  await using session = await openVendorSession(parts, manifest, read.inputs, credentialId);
  const check = { name: manifest.check, primary: false, mayBeEmpty: true, parent: null };
  for await (const page of readStreams(sampleOptions(session, manifest, read.inputs, [check], 1, signal))) {
    if (page.failure !== null) throw page.failure;
    const label = manifest.streams[manifest.check]?.label ?? manifest.check;
    return `${manifest.name} accepted the credential. ${label}: ${page.rows.length} on the first page.`;
  }
  throw new ProductError("vendor.bad_response", `${manifest.name} answered nothing.`);
}

async function readSample(
  session: VendorSession,
  manifest: Manifest,
  inputs: InputValues,
  limit: number,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const rows = new Map<string, Record<string, JoinedRow[]>>();
  const records: unknown[] = [];
  let failure: ProductError | null = null;
  const pages = readStreams(
    sampleOptions(session, manifest, inputs, planStreams(manifest, inputs), samplePages, signal),
  );
  for await (const page of pages) {
    if (page.failure !== null && page.stream === manifest.users && records.length === 0) throw page.failure;
    if (page.failure?.code === "vendor.unauthorized") throw page.failure;
    failure ??= page.failure;
    for (const { join, userKey, row } of page.rows) {
      if (join === null) continue;
      const joins = rows.get(userKey) ?? {};
      rows.set(userKey, joins);
      joins[join] = [...(joins[join] ?? []), row];
    }
    for (const { key, record } of page.users) records.push(joinRecord(manifest, inputs, record, rows.get(key) ?? {}));
    if (records.length >= limit) break;
  }
  // Users are reached through other streams: nobody because of a failure there is not the same as nobody.
  if (records.length === 0 && failure !== null) throw failure;
  return records.slice(0, limit);
}

function sampleOptions(
  session: VendorSession,
  manifest: Manifest,
  inputs: InputValues,
  plan: Parameters<typeof readStreams>[0]["plan"],
  maxPages: number,
  signal: AbortSignal,
): Parameters<typeof readStreams>[0] {
  const { ask } = session;
  return { manifest, inputs, plan, ask, concurrent: 1, maxPages, checkpoint: newReadCheckpoint(), signal };
}

async function settingsOf(parts: SyncParts, integrationId: string) {
  const settings = await loadRunSettings(parts.database, integrationId);
  const manifest = settings === undefined ? undefined : parts.connectors.get(settings.connector);
  if (settings === undefined || manifest === undefined) {
    throw new ProductError("integration.not_found", `There is no integration ${integrationId} with a known connector.`);
  }
  if (settings.credential === null) {
    throw new ProductError(
      "vendor.unauthorized",
      `The integration “${settings.name}” has no credential; choose one first.`,
    );
  }
  return { manifest, inputs: settings.inputs, credentialId: settings.credential.id };
}

/** A refusal by the vendor is an outcome; only a fault of ours is an error. */
async function outcomeOf(parts: SyncParts, work: () => Promise<string>): Promise<TestOutcome> {
  try {
    return { ok: true, code: null, message: await work(), nextStep: null, at: parts.now().toISOString() };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return {
      ok: false,
      code: error.code,
      message: error.message,
      nextStep: errorTable[error.code].nextStep,
      at: parts.now().toISOString(),
    };
  }
}
