import { setTimeout as sleep } from "node:timers/promises";
import type { Destination, DestinationDelivery } from "@rollcall/core/contract/destinations.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import {
  type OomnitzaSandbox,
  type OomnitzaSandboxOptions,
  startOomnitzaSandbox,
} from "@rollcall/sandbox/start-oomnitza-sandbox.ts";
import { must } from "./rollcall-client.ts";
import { startTestRollcall, type TestRollcall, type TestRollcallOptions } from "./start-test-rollcall.ts";

/** The whole product between two simulators: people come from one vendor and go to an Oomnitza. */
export type DestinationWorld = AsyncDisposable & {
  readonly rollcall: TestRollcall;
  readonly oomnitza: OomnitzaSandbox;
  readonly integration: Integration;
  readonly destination: Destination;
  /** Runs the integration, then waits until nothing waits to be pushed. */
  readonly sync: () => Promise<Destination>;
  readonly settle: () => Promise<Destination>;
  readonly deliveries: (query?: string) => Promise<DestinationDelivery[]>;
};

export type DestinationWorldOptions = TestRollcallOptions & {
  readonly oomnitza?: OomnitzaSandboxOptions;
  readonly destination?: Readonly<Record<string, unknown>>;
  readonly integration?: Readonly<Record<string, unknown>>;
};

export const applicationName = "Clickwrap of the legal team";

export async function startDestinationWorld(options: DestinationWorldOptions = {}): Promise<DestinationWorld> {
  await using starting = new AsyncDisposableStack();
  const oomnitza = starting.use(await startOomnitzaSandbox(options.oomnitza));
  const rollcall = starting.use(
    await startTestRollcall({
      ...options,
      sandbox: { population: "plain", pendingUsers: "listed", ...options.sandbox },
    }),
  );
  const integration = await rollcall.launch({ deactivate: true, ...options.integration });
  const credential = await must(
    rollcall.api<{ id: string }>("POST", "/credentials", {
      name: "Oomnitza",
      kind: "api-key",
      values: { name: "Authorization2", key: oomnitza.token },
    }),
  );
  const destination = await must(
    rollcall.api<Destination>("POST", "/destinations", {
      name: "Oomnitza",
      url: oomnitza.url,
      credentialId: credential.id,
      fields: [
        { field: "username", externalId: "username" },
        { field: "email", externalId: "email" },
        { field: "firstName", externalId: "first_name" },
        { field: "lastName", externalId: "last_name" },
        { field: "locale", externalId: "locale" },
      ],
      constants: { role: 25 },
      follows: [{ integrationId: integration.id, saasName: applicationName }],
      ...options.destination,
    }),
  );
  const settle = async (): Promise<Destination> => {
    for (;;) {
      const found = await must(rollcall.api<Destination>("GET", `/destinations/${destination.id}`));
      if (found.deliveries.waiting === 0 && !found.pushing) return found;
      await sleep(50);
    }
  };
  const running = starting.move();
  return {
    rollcall,
    oomnitza,
    integration,
    destination,
    settle,
    sync: async () => {
      const run = await rollcall.run(integration.id);
      if (run.error !== null) throw new Error(`The run failed: ${JSON.stringify(run.error)}`);
      return await settle();
    },
    deliveries: (query = "") => rollcall.all<DestinationDelivery>(`/destinations/${destination.id}/deliveries${query}`),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
