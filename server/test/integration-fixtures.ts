import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { VendorProbe } from "@rollcall/server/features/integrations/vendor-probe.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";

/** For tests: a vendor whose answers can be changed between calls. */
type FakeVendor = VendorProbe & {
  outcome: Pick<TestOutcome, "ok" | "code" | "message" | "nextStep">;
  records: readonly unknown[];
  /** Runs while the vendor is being asked. */
  meanwhile: () => Promise<void>;
  tests: number;
};

type Clock = { now: Date };

function fakeVendor(clock: Clock): FakeVendor {
  const vendor: FakeVendor = {
    outcome: { ok: true, code: null, message: "The vendor answered.", nextStep: null },
    records: [],
    meanwhile: async () => undefined,
    tests: 0,
    testCredential: () => Promise.reject(new Error("Integrations do not test credentials by themselves.")),
    testIntegration: async () => {
      vendor.tests += 1;
      await vendor.meanwhile();
      return { ...vendor.outcome, at: clock.now.toISOString() };
    },
    sampleRecords: async (_id, limit) => ({ fetchedAt: clock.now, records: vendor.records.slice(0, limit) }),
  };
  return vendor;
}

export type IntegrationServer = TestServer & { readonly vendor: FakeVendor; readonly clock: Clock };

/** The test server with a vendor and a clock that the test holds. */
export async function startIntegrationServer(): Promise<IntegrationServer> {
  // Ahead of the database's own clock, by which rows of this test are updated.
  const clock = { now: new Date(Date.now() + 3_600_000) };
  const vendor = fakeVendor(clock);
  const server = await startTestServer({ parts: { vendor, now: () => clock.now } });
  return Object.assign(server, { vendor, clock });
}

export async function aCredential(database: Database, kind = "ironclad-clickwrap"): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    "insert into credential (name, kind, sealed) values ($1 || ' ' || gen_random_uuid(), $1, '{}') returning id",
    [kind],
  );
  return id;
}

export async function anAccount(database: Database, status: "active" | "disabled" = "active"): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    "insert into account (name, status) values ('Ada', $1) returning id",
    [status],
  );
  return id;
}

/** A draft, made over HTTP. */
export async function aDraft(
  server: TestServer,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Integration> {
  const name = `Clickwrap ${crypto.randomUUID()}`;
  const { status, body, text } = await server.api<Integration>("POST", "/integrations", {
    name,
    connector: "ironclad-clickwrap",
    ...settings,
  });
  if (status !== 201) {
    throw new Error(`The draft was refused: ${text}`);
  }
  return body;
}

export async function anActive(
  server: IntegrationServer,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Integration> {
  const draft = await aDraft(server, { credentialId: await aCredential(server.database), ...settings });
  const { status, body, text } = await server.api<Integration>("POST", `/integrations/${draft.id}/launch`);
  if (status !== 200) {
    throw new Error(`The launch was refused: ${text}`);
  }
  return body;
}
