import type { Destination } from "@rollcall/core/contract/destinations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { startOomnitzaSandbox } from "@rollcall/sandbox/start-oomnitza-sandbox.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import type { TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { local, startRunner } from "../local-runner/start-runner.ts";

/** Where the things are that a furnished product shows. */
export type Furnished = AsyncDisposable & {
  readonly integrationId: string;
  readonly softwareId: string;
  readonly credentialId: string;
  readonly localId: string;
  readonly personId: string;
  readonly destinationId: string;
  /** Deactivations wait for a decision. */
  readonly reviewRunId: string;
  /** A runner has read it. */
  readonly localRunId: string;
};

/** Fills a product as if it had been in use for a few runs: two integrations, one of them local, a destination, runners, tokens, accounts. */
export async function furnishConsole(rollcall: TestRollcall): Promise<Furnished> {
  await using furnishing = new AsyncDisposableStack();
  const { sandbox, api } = rollcall;
  const integration = await rollcall.launch({ name: "Clickwrap", deactivate: true });
  const credentialId = String(integration.credentialId);
  await must(api("PATCH", `/credentials/${credentialId}`, { name: "Ironclad Clickwrap of the legal team" }));

  const oomnitza = furnishing.use(await startOomnitzaSandbox({}));
  // The instance refuses two people, so that there is something to look at.
  oomnitza.addFaults([{ call: "create-user", skip: 3, count: 2, fault: { kind: "status", status: 400 } }]);
  const destination = await makeDestination(rollcall, oomnitza, integration.id);

  await rollcall.run(integration.id);
  sandbox.addUsers(6);
  sandbox.removeUsers({ count: 4 });
  await rollcall.run(integration.id);
  sandbox.removeUsers({ count: Math.ceil(sandbox.users().length / 4) });
  const review = await rollcall.run(integration.id);
  await settle(rollcall, destination.id);

  const legal = await rollcall.launch({ name: "Berlin", ...local });
  // A runner has its own credential; the one that was made for the launch is not needed.
  const unused = await must(api<ListOf<{ readonly id: string }>>("GET", "/credentials?q=Sandbox"));
  for (const { id } of unused.data) await must(api("DELETE", `/credentials/${id}`));
  const runner = furnishing.use(await startRunner(rollcall, { name: "berlin-01", integrationIds: [legal.id] }));
  await must(api("POST", "/runners", { name: "munich-02" }));
  const started = await must(api<{ id: string }>("POST", `/integrations/${legal.id}/runs`));
  await runner.readAll();
  await rollcall.waitFor(started.id);

  await must(api("POST", "/api-tokens", { name: "Nightly report", scopes: ["person.read", "saas.read"] }));
  const { id: old } = await must(api<{ id: string }>("POST", "/api-tokens", { name: "Old laptop" }));
  await must(api("DELETE", `/api-tokens/${old}`));
  await must(
    api("POST", "/accounts", { email: "grace@example.com", name: "Grace Hopper", role: "integration-manager" }),
  );
  const people = await must(api<ListOf<Person>>("GET", "/people?limit=1&sort=fullName"));

  const furnished = furnishing.move();
  return {
    integrationId: integration.id,
    softwareId: String(integration.softwareId),
    credentialId,
    localId: legal.id,
    personId: people.data[0]?.id ?? "",
    destinationId: destination.id,
    reviewRunId: review.id,
    localRunId: started.id,
    [Symbol.asyncDispose]: () => furnished.disposeAsync(),
  };
}

async function makeDestination(
  { api }: TestRollcall,
  { url, token }: { readonly url: string; readonly token: string },
  integrationId: string,
): Promise<Destination> {
  const values = { name: "Authorization2", key: token };
  const credential = await must(
    api<{ id: string }>("POST", "/credentials", { name: "Oomnitza", kind: "api-key", values }),
  );
  return await must(
    api<Destination>("POST", "/destinations", {
      name: "Oomnitza",
      url,
      credentialId: credential.id,
      constants: { role: 25 },
      follows: [{ integrationId, saasName: "Ironclad Clickwrap" }],
    }),
  );
}

async function settle({ api }: TestRollcall, destinationId: string): Promise<void> {
  for (;;) {
    const { pushing, deliveries } = await must(api<Destination>("GET", `/destinations/${destinationId}`));
    if (!pushing && deliveries.waiting === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
